//! Mail, which the helper sends: this program has no business with networks.

use crate::context::Context;
use crate::failure::{Failure, Kind};
use wardkey_core::credential::mailed::MailMode;
use wardkey_core::credential::mailed::{Address, Notice};
use wardkey_core::desk::{Delivery, DeskAnswer, DeskWork, Problem};
use wardkey_core::login::PamItems;
use wardkey_core::policy::account::Account;
use wardkey_core::user::UserName;
use wardkey_core::wire::{Helper, Silence};

impl Context {
    /// Has the helper note an address and mail the code that confirms it.
    pub(crate) fn register_address(&self, account: &Account, address: &Address) -> Result<(), Failure> {
        let text = &self.text;
        let broken =
            |why: &str| Failure::new(Kind::System, text, |t| (t.mail_failed(why), t.check_mail_server()));
        match self.ask_for_mail(&account.name, DeskWork::RegisterAddress(address.clone())) {
            Ok(Delivery::Sent(_)) => Ok(()),
            Ok(Delivery::Refused(why)) => Err(self.problem(&account.name)(Problem::Refused(why))),
            Ok(Delivery::Failed(why) | Delivery::Broken(why)) => Err(broken(&why)),
            Err(silence) => {
                let why = silence.to_string();
                Err(Failure::new(Kind::System, text, |t| (t.helper_silent(&why), t.run_helper())))
            }
        }
    }

    /// The address to tell of a change that is about to be made; read it before, since the change may void it.
    pub(crate) fn notice_address(&self, user: &UserName) -> Option<Address> {
        if self.config.email.mode == MailMode::Off {
            return None;
        }
        self.desk().notice_address(user).ok().flatten()
    }

    /// Tells an address of a change. What was done stays done: a notice that cannot be sent is only a warning.
    pub(crate) fn notify(&self, user: &UserName, address: Option<Address>, notice: Notice) {
        let Some(address) = address else { return };
        let shown = address.to_string();
        let why = match self.ask_for_mail(user, DeskWork::Notify(address, notice)) {
            Ok(Delivery::Sent(_)) => return,
            Ok(Delivery::Refused(why)) => self.problem(user)(Problem::Refused(why)).message,
            Ok(Delivery::Failed(why) | Delivery::Broken(why)) => why,
            Err(silence) => silence.to_string(),
        };
        if !self.console.is_json() {
            self.warn(&self.text.not_notified(&shown, &why));
        }
    }

    fn ask_for_mail(&self, user: &UserName, work: DeskWork) -> Result<Delivery, Silence> {
        let (socket, deadline) = (self.config.helper.socket.path(), self.config.helper.deadline.get());
        let helper = Helper { socket: &socket, deadline };
        let items = PamItems { service: "wardkey".to_owned(), rhost: None, tty: crate::actor::tty() };
        match helper.ask(&self.question(user, items, work))? {
            DeskAnswer::Delivered(mailed) => Ok(mailed),
            _ => Err(Silence::Broken(std::io::ErrorKind::InvalidData.into())),
        }
    }
}
