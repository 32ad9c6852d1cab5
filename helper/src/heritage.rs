//! What one image of this process leaves to the next: the socket, and whom its copies serve. It goes by the command line,
//! since no environment is read.

use std::fmt;
use std::os::fd::RawFd;
use std::str::FromStr;

/// At a seat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct HeritageOfLink {
    /// The numbers of the two ends of the door to the link, which ends with the image that made it.
    pub(crate) door: (RawFd, RawFd),
}

/// The heritage: `3`, `3,4711:1000,4712:0`, or at a seat `3,link:5:6,4711:1000`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Heritage {
    /// The listening socket's number.
    pub(crate) socket: RawFd,
    /// The copies that live, each with the uid that it is counted for.
    pub(crate) copies: Vec<(i32, u32)>,
    /// At a seat.
    pub(crate) link: Option<HeritageOfLink>,
}

impl Heritage {
    /// The descriptors that are open for the next image.
    pub(crate) fn open(&self) -> Vec<RawFd> {
        let door = self.link.map(|link| [link.door.0, link.door.1]);
        std::iter::once(self.socket).chain(door.into_iter().flatten()).collect()
    }
}

impl fmt::Display for Heritage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.socket)?;
        if let Some(HeritageOfLink { door: (outside, inside) }) = self.link {
            write!(f, ",link:{outside}:{inside}")?;
        }
        self.copies.iter().try_for_each(|(pid, uid)| write!(f, ",{pid}:{uid}"))
    }
}

impl FromStr for Heritage {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut words = text.split(',');
        let socket = words.next().and_then(|number| number.parse().ok()).ok_or("no socket")?;
        // Of a copy that could not be read only its count is lost.
        let copy = |word: &str| {
            let (pid, uid) = word.split_once(':')?;
            Some((pid.parse().ok()?, uid.parse().ok()?))
        };
        let words: Vec<&str> = words.collect();
        let link = words.iter().find_map(|word| link(word));
        Ok(Self { socket, copies: words.into_iter().filter_map(copy).collect(), link })
    }
}

fn link(word: &str) -> Option<HeritageOfLink> {
    let (outside, inside) = word.strip_prefix("link:")?.split_once(':')?;
    Some(HeritageOfLink { door: (outside.parse().ok()?, inside.parse().ok()?) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_read_as_it_was_written() {
        for (text, copies) in [("3", vec![]), ("14,4711:1000,4712:0", vec![(4711, 1000), (4712, 0)])] {
            let heritage: Heritage = text.parse().unwrap();
            assert_eq!((&heritage.copies, heritage.to_string().as_str()), (&copies, text));
        }
    }

    #[test]
    fn without_a_socket_there_is_none_and_newer_additions_are_passed_over() {
        assert!(["", "x", ",4:5"].iter().all(|text| text.parse::<Heritage>().is_err()));
        let heritage: Heritage = "3,4711:1000:new,odd,5:6".parse().unwrap();
        assert_eq!(heritage, Heritage { socket: 3, copies: vec![(5, 6)], link: None });
    }

    #[test]
    fn a_seat_leaves_its_door() {
        let text = "3,link:5:6,4711:1000";
        let heritage: Heritage = text.parse().unwrap();
        assert_eq!(heritage.link, Some(HeritageOfLink { door: (5, 6) }));
        assert_eq!((heritage.copies.as_slice(), heritage.open()), (&[(4711, 1000)][..], vec![3, 5, 6]));
        assert_eq!(heritage.to_string(), text);
        for text in ["3,link:5", "3,link:5:x", "3,link:"] {
            assert_eq!(text.parse::<Heritage>().unwrap().link, None, "{text}");
        }
    }
}
