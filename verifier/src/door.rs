//! The listening socket, and what every connection works with.

use crate::connection;
use crate::limits::{Measures, Strangers};
use crate::quiet::Quiet;
use crate::settings::{self, Settings};
use crate::tls::Tls;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::sleep;
use wardkey_fleet::{Clinic, FleetFiles, Registry};

/// After an error of accept(2), which is one of too many descriptors mostly.
const PAUSE: Duration = Duration::from_millis(50);

/// What every connection works with.
pub(crate) struct House {
    /// The configuration.
    pub(crate) settings: Settings,
    /// Which seats there are.
    pub(crate) registry: Registry,
    /// Its keys.
    pub(crate) clinic: Clinic,
    /// How connections are answered.
    pub(crate) tls: Tls,
    /// What each seat has used.
    pub(crate) measures: Measures,
    /// Connections that have proven nothing yet.
    pub(crate) strangers: Arc<Strangers>,
    /// Lines about them.
    pub(crate) quiet: Quiet,
}

/// The door.
pub(crate) struct Door {
    listener: TcpListener,
    house: Arc<House>,
}

impl Door {
    /// Reads the clinic's keys, and listens.
    pub(crate) async fn open(settings: Settings) -> Result<Self, String> {
        let config = settings.now()?;
        let address = settings::of(&config)?.listen.address();
        let files = FleetFiles::of(&config);
        let clinic = Clinic::read(&files)
            .map_err(|e| format!("the clinic's keys cannot be read: {e}; first: wardkey fleet init"))?;
        let tls = Tls::new(&clinic)?;
        let listener =
            TcpListener::bind(address).await.map_err(|e| format!("listening on {address}: {e}"))?;
        let house = House {
            settings,
            registry: Registry(files),
            clinic,
            tls,
            measures: Measures::default(),
            strangers: Arc::default(),
            quiet: Quiet::default(),
        };
        Ok(Self { listener, house: Arc::new(house) })
    }

    /// Answers each connection that comes.
    pub(crate) async fn answer_everybody(self) {
        loop {
            let Ok((stream, from)) = self.listener.accept().await else {
                sleep(PAUSE).await;
                continue;
            };
            // Who finds no place hears nothing: an answer would be what a flood asks for.
            if let Some(stranger) = self.house.strangers.come(from.ip().to_canonical()) {
                tokio::spawn(connection::answer(Arc::clone(&self.house), stream, from, stranger));
            }
        }
    }
}
