//! How a try ended, and what that proves.

use super::spending::TryCost;
use super::wire::{CallStep, PamCall};
use pam_stack::PamResult;
use serde::Serialize;

/// Whether the program would let the person in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TryEnd {
    /// In.
    Accepted,
    /// In once they have enrolled or changed their password, which a try does not do.
    MustChange,
    /// Not in.
    Refused,
    /// Nobody can tell: something in the stack is broken.
    Broken,
}

/// A login that was gone through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tried {
    /// The calls, in order; none for sshd, which calls libpam itself.
    pub(crate) steps: Vec<CallStep>,
    /// How it ended.
    pub(crate) end: TryEnd,
    /// What it cost.
    pub(crate) spent: Vec<TryCost>,
}

impl Tried {
    /// Whether it proves that the service lets people in by a second factor: grace, exemption and a stack without our
    /// line prove nothing.
    pub(crate) fn is_proof(&self) -> bool {
        self.end == TryEnd::Accepted && self.spent.iter().any(TryCost::is_accepted)
    }
}

/// What these calls amount to for a program that heeds `account`, or not.
pub(crate) fn end(steps: &[CallStep], heeds_account: bool) -> TryEnd {
    let counts = |step: &&CallStep| heeds_account || step.call != PamCall::Account;
    let Some(last) = steps.iter().rfind(counts) else { return TryEnd::Broken };
    let expected = if heeds_account { PamCall::Account } else { PamCall::Auth };
    match last.result {
        PamResult::Success if last.call == expected => TryEnd::Accepted,
        PamResult::Success => TryEnd::Broken,
        PamResult::NewAuthtokReqd if last.call == PamCall::Account => TryEnd::MustChange,
        result if is_broken(result) => TryEnd::Broken,
        _ => TryEnd::Refused,
    }
}

/// Whether a result speaks of the machine and not of the person.
const fn is_broken(result: PamResult) -> bool {
    use PamResult::{
        Abort, BadItem, BufErr, ModuleUnknown, NoModuleData, OpenErr, ServiceErr, SymbolErr, SystemErr,
    };
    matches!(
        result,
        Abort
            | BadItem
            | BufErr
            | ModuleUnknown
            | NoModuleData
            | OpenErr
            | ServiceErr
            | SymbolErr
            | SystemErr
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use PamCall::{Account, Auth, Start};

    #[test]
    fn the_last_call_that_counts_decides() {
        use PamResult::{Abort, AcctExpired, AuthErr, ConvErr, ModuleUnknown, NewAuthtokReqd, Success};
        let steps = |calls: &[(PamCall, PamResult)]| -> Vec<CallStep> {
            calls.iter().map(|(call, result)| CallStep { call: *call, result: *result }).collect()
        };
        for (calls, heeding, not_heeding) in [
            (&[][..], TryEnd::Broken, TryEnd::Broken),
            (&[(Start, Abort)], TryEnd::Broken, TryEnd::Broken),
            (&[(Auth, AuthErr)], TryEnd::Refused, TryEnd::Refused),
            (&[(Auth, ConvErr)], TryEnd::Refused, TryEnd::Refused),
            (&[(Auth, ModuleUnknown)], TryEnd::Broken, TryEnd::Broken),
            (&[(Auth, Success)], TryEnd::Broken, TryEnd::Accepted),
            (&[(Auth, Success), (Account, Success)], TryEnd::Accepted, TryEnd::Accepted),
            (&[(Auth, Success), (Account, AcctExpired)], TryEnd::Refused, TryEnd::Accepted),
            (&[(Auth, Success), (Account, NewAuthtokReqd)], TryEnd::MustChange, TryEnd::Accepted),
        ] {
            let steps = steps(calls);
            assert_eq!((end(&steps, true), end(&steps, false)), (heeding, not_heeding), "{calls:?}");
        }
    }

    #[test]
    fn only_a_second_factor_that_was_accepted_proves() {
        let tried = |end, spent| Tried { steps: Vec::new(), end, spent };
        let code = || TryCost::Codes { label: "phone".to_owned(), count: 1 };
        assert!(tried(TryEnd::Accepted, vec![code()]).is_proof());
        assert!(!tried(TryEnd::Accepted, vec![]).is_proof(), "grace, an exemption, no line of ours");
        assert!(!tried(TryEnd::Accepted, vec![TryCost::Mail]).is_proof());
        assert!(!tried(TryEnd::Refused, vec![code()]).is_proof(), "a line behind ours refuses");
    }
}
