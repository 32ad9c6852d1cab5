//! What is wrong with a service's stacks, proven by every way through them.

use super::fault::{StackFault, Witness, WitnessStep};
use super::programs::{Sort, sort};
use crate::services::{asks, is_ours, is_start};
use pam_stack::modules::Proof;
use pam_stack::{Action, Facts, Kind, Line, Machine, PamResult, Said, Service, TooWide, Way, logins, ways};
use std::collections::BTreeSet;

/// What the doctor knows of the machine besides its PAM files.
pub(crate) struct About<'a> {
    /// Whether a module's file, as it is written, is where libpam looks.
    pub(crate) has_module: &'a dyn Fn(&str) -> bool,
    /// Whether what a line asks of the machine can hold for anybody.
    pub(crate) can_hold: &'a dyn Fn(&Line) -> bool,
    /// Whether the configuration asks for password and code in one entry here.
    pub(crate) is_combined: &'a dyn Fn(&str) -> bool,
    /// Whether the configuration lets anybody in without a code.
    pub(crate) exempts: bool,
    /// Whether sshd has checked a key before it asks PAM.
    pub(crate) key_came_first: bool,
    /// The configuration file that is looked at.
    pub(crate) config: &'a str,
    /// Whether there is a file of this path.
    pub(crate) has_file: &'a dyn Fn(&str) -> bool,
}

impl Machine for About<'_> {
    fn ours(&self, line: &Line) -> Option<Vec<PamResult>> {
        use PamResult::{AuthErr, ConvErr, Ignore, ServiceErr, Success, SystemErr};
        asks(line).then(|| vec![Success, Ignore, AuthErr, ConvErr, ServiceErr, SystemErr])
    }

    fn answers(&self, line: &Line) -> Option<Vec<PamResult>> {
        is_start(line).then(|| vec![PamResult::Ignore])
    }

    fn has_module(&self, line: &Line) -> bool {
        // Where ours is missing is a fault of its own; what it would say is looked at all the same.
        use pam_stack::Module::Named;
        is_ours(line) || !matches!(&line.module, Named(path) if !(self.has_module)(path))
    }

    fn can_hold(&self, line: &Line) -> bool {
        (self.can_hold)(line)
    }
}

/// Every fault of `service`, whose `auth` asks for a code.
pub(crate) fn faults(service: &Service, about: &About<'_>) -> Vec<StackFault> {
    let auth = service.stack(Kind::Auth);
    let mut faults = lines_alone(service, about);
    match logins(auth, about) {
        Ok(ends) => faults.extend(in_auth(service, &ends, about)),
        Err(TooWide) => faults.push(StackFault::TooWide(Kind::Auth)),
    }
    if sort(&service.name) != Some(Sort::Locker) {
        faults.extend(after_auth(service));
    }
    faults
}

/// Whether anybody gets in by `service` without us.
pub(crate) fn lets_in(service: &Service, about: &About<'_>) -> bool {
    let asks_nothing = |way: &Way<Facts>| way.leads_in() && !is_root_alone(service, way);
    // Of a stack that is too wide nobody can say that it lets nobody in.
    let is_one_in = |ends: Vec<Way<Facts>>| ends.iter().any(asks_nothing);
    !service.is_refused && logins(service.stack(Kind::Auth), about).map_or(true, is_one_in)
}

/// What is wrong with a line wherever it leads.
fn lines_alone(service: &Service, about: &About<'_>) -> Vec<StackFault> {
    let auth = service.stack(Kind::Auth);
    let ours = Kind::ALL.into_iter().flat_map(|kind| service.stack(kind)).filter(|line| is_ours(line));
    let mut faults: Vec<StackFault> = ours.flat_map(|line| in_our_line(line, about)).collect();
    let mut asking = auth.iter().filter(|line| asks(line));
    let first = asking.next();
    faults.extend(asking.map(|line| StackFault::Twice(line.place.clone())));
    let is_apart = |line: &&Line| !line.has("forward_pass") && !(about.is_combined)(&service.name);
    if let Some(line) = first.filter(is_apart).filter(|_| crate::one_field::has_one_field(&service.name)) {
        faults.push(StackFault::OneField(line.place.clone()));
    }
    faults
}

fn in_our_line(line: &Line, about: &About<'_>) -> Vec<StackFault> {
    use pam_stack::Module::Named;
    let place = || line.place.clone();
    let argument = bad_argument(line).map(|word| StackFault::BadArgument(place(), word));
    let config = line
        .arguments
        .iter()
        .find_map(|word| word.strip_prefix("config=").filter(|path| *path != about.config));
    let config = config.filter(|_| argument.is_none()).map(|path| match (about.has_file)(path) {
        true => StackFault::OtherConfig(place(), path.to_owned()),
        false => StackFault::NoConfig(place(), path.to_owned()),
    });
    let module = match &line.module {
        Named(path) if !(about.has_module)(path) => Some(StackFault::NoModule(place(), path.clone())),
        _ => None,
    };
    argument.into_iter().chain(config).chain(module).collect()
}

/// The first argument that makes our module refuse every login.
fn bad_argument(line: &Line) -> Option<String> {
    let known = |word: &str| {
        let plain = ["start", "debug", "try_first_pass", "use_first_pass", "forward_pass"];
        plain.contains(&word) || word.strip_prefix("config=").is_some_and(|path| path.starts_with('/'))
    };
    let key = |word: &str| {
        let word = word.split('=').next().unwrap_or_default();
        // The two contradict each other.
        word.strip_prefix("use_").or_else(|| word.strip_prefix("try_")).unwrap_or(word).to_owned()
    };
    let mut seen = BTreeSet::new();
    line.arguments.iter().find(|word| !known(word) || !seen.insert(key(word))).cloned()
}

fn in_auth(service: &Service, ends: &[Way<Facts>], about: &About<'_>) -> Vec<StackFault> {
    let auth = service.stack(Kind::Auth);
    let into: Vec<&Way<Facts>> =
        ends.iter().filter(|way| way.leads_in() && !is_root_alone(service, way)).collect();
    let witness = |way: &Way<Facts>| witness(auth, &way.steps);
    let mut faults = Vec::new();
    let (strong, weak): (Vec<&Way<Facts>>, Vec<_>) =
        into.iter().copied().filter(|way| !way.has_our_leave()).partition(|way| other_factor(way).is_some());
    if let Some(way) = weak.iter().min_by_key(|way| (rank(way), way.steps.len())) {
        faults.push(StackFault::Past(way.facts.proofs.clone(), witness(way)));
    }
    if let Some((way, proof)) = strong.first().and_then(|way| Some((way, other_factor(way)?))) {
        faults.push(StackFault::OtherFactor(proof, witness(way)));
    }
    let by_code: Vec<_> = into.iter().copied().filter(|way| way.facts.ours == Some(Said::Yes)).collect();
    // Where our line is not asked, nobody is refused for a code or for want of one.
    let is_unasked = into.iter().any(|way| way.facts.ours.is_none());
    if by_code.is_empty() && !is_unasked {
        faults.push(StackFault::NobodyIn);
    }
    if !has_key(service, about) {
        faults.extend(without_password(auth, &into, &by_code, weak.is_empty()));
    }
    let lets_exempt_in = is_unasked || into.iter().any(|way| way.facts.ours == Some(Said::Nothing));
    if about.exempts && !by_code.is_empty() && !lets_exempt_in {
        faults.push(StackFault::IgnoredRefused);
    }
    faults.extend(asked_first(service, ends, about));
    let acts = ends.iter().find_map(|way| auth.get(way.facts.acted?));
    faults.extend(acts.map(|line| StackFault::ActsAfterNo(line.place.clone(), name(line))));
    faults
}

/// Ways in with our leave on which no password is asked, as far as that can be told.
fn without_password(
    auth: &[Line],
    into: &[&Way<Facts>],
    by_code: &[&Way<Facts>],
    all_ask_us: bool,
) -> Option<StackFault> {
    let witness = |way: &Way<Facts>| witness(auth, &way.steps);
    let proves_nothing = |way: &&&Way<Facts>| way.facts.proofs.is_empty();
    if let Some(way) = by_code.iter().find(proves_nothing) {
        return Some(StackFault::CodeAlone(witness(way)));
    }
    // A person who is asked for no code comes in by nothing at all.
    let unasked = |way: &&&Way<Facts>| way.facts.ours == Some(Said::Nothing) && proves_nothing(way);
    if let Some(way) = into.iter().find(unasked).filter(|_| all_ask_us) {
        return Some(StackFault::Past(BTreeSet::new(), witness(way)));
    }
    let unknown = |way: &&&Way<Facts>| way.facts.proofs.iter().eq([&Proof::Unknown]);
    let way = by_code.iter().find(unknown)?;
    let is_unknown = |step: &&pam_stack::Step| {
        auth.get(step.line).is_some_and(|line| {
            pam_stack::modules::proven(line, step.result) == Some(Proof::Unknown) && !is_ours(line)
        })
    };
    let line = auth.get(way.steps.iter().find(is_unknown)?.line)?;
    Some(StackFault::UnknownCheck(line.place.clone(), name(line)))
}

/// root, who becomes anybody: meant where a program runs with its caller's real uid.
fn is_root_alone(service: &Service, way: &Way<Facts>) -> bool {
    sort(&service.name) == Some(Sort::Switch) && way.facts.proofs.contains(&Proof::CallerIsRoot)
}

/// Whether sshd has checked a key before it asks.
fn has_key(service: &Service, about: &About<'_>) -> bool {
    about.key_came_first && service.name == "sshd"
}

fn other_factor(way: &Way<Facts>) -> Option<Proof> {
    let strong = [Proof::SecurityKey, Proof::SmartCard, Proof::OtherCode];
    let knows = way.facts.proofs.contains(&Proof::Password) || way.facts.proofs.contains(&Proof::SmartCard);
    strong.into_iter().find(|proof| knows && way.facts.proofs.contains(proof))
}

/// The less is proven, the worse.
fn rank(way: &Way<Facts>) -> usize {
    way.facts.proofs.len()
}

/// A separate prompt before the password lets strangers use up somebody's tries.
fn asked_first(service: &Service, ends: &[Way<Facts>], about: &About<'_>) -> Option<StackFault> {
    let line = service.stack(Kind::Auth).iter().find(|line| asks(line))?;
    let is_combined = line.has("forward_pass") || (about.is_combined)(&service.name);
    let is_asked = ends.iter().any(|way| way.facts.asked_a_stranger);
    (is_asked && !is_combined && !has_key(service, about)).then(|| StackFault::AskedFirst(line.place.clone()))
}

/// What our lines in the three other stacks do not reach.
fn after_auth(service: &Service) -> Vec<StackFault> {
    let kinds = [Kind::Account, Kind::Password, Kind::Session];
    let own = kinds.into_iter().filter(|kind| *kind == Kind::Account || !service.comes_from_other(*kind));
    own.flat_map(|kind| later(service.stack(kind), kind)).collect()
}

fn later(stack: &[Line], kind: Kind) -> Vec<StackFault> {
    use PamResult::{AuthtokErr, Ignore, NewAuthtokReqd, PermDenied, SessionErr, Success};
    let refusals = match kind {
        Kind::Auth | Kind::Account => [NewAuthtokReqd, PermDenied],
        Kind::Password => [AuthtokErr, AuthtokErr],
        Kind::Session => [SessionErr, PermDenied],
    };
    let ends = ways(stack, None, |_, line, said| {
        if is_ours(line) {
            let results = [Success, Ignore].into_iter().chain(refusals);
            return results.map(|result| (result, Some(result))).collect();
        }
        pam_stack::modules::answers(line).into_iter().map(|result| (result, *said)).collect()
    });
    let Ok(ends) = ends else { return vec![StackFault::TooWide(kind)] };
    let late = stack.iter().position(is_ours).filter(|_| kind == Kind::Password);
    let changes = |line: &&Line| pam_stack::modules::checks_password(line);
    if let Some(line) =
        late.and_then(|ours| stack.get(ours).filter(|_| stack.iter().take(ours).any(|line| changes(&line))))
    {
        return vec![StackFault::LatePassword(line.place.clone())];
    }
    let goes_on = |way: &&Way<Option<PamResult>>| way.result == Success;
    let mut faults = Vec::new();
    if !stack.iter().any(is_ours) {
        return vec![StackFault::Missing(kind)];
    }
    if kind == Kind::Account && !ends.iter().any(|way| goes_on(&way)) {
        faults.push(StackFault::NoAccount);
    }
    if let Some(way) = ends.iter().filter(goes_on).find(|way| way.facts.is_none()) {
        faults.push(StackFault::PassedBy(kind, witness(stack, &way.steps)));
    }
    if let Some(way) =
        ends.iter().filter(goes_on).find(|way| way.facts.is_some_and(|said| refusals.contains(&said)))
    {
        faults.push(StackFault::RefusalLost(kind, witness(stack, &way.steps)));
    }
    faults
}

fn name(line: &Line) -> String {
    line.module_name().unwrap_or_default().to_owned()
}

/// The steps that led on: those that did not count are left out.
fn witness(stack: &[Line], steps: &[pam_stack::Step]) -> Witness {
    let step = |step: &pam_stack::Step| {
        let line = stack.get(step.line)?;
        let action = line.control.action(step.result);
        let step = WitnessStep { place: line.place.clone(), module: name(line), result: step.result, action };
        (action != Action::Ignore).then_some(step)
    };
    steps.iter().filter_map(step).collect()
}

#[cfg(test)]
#[path = "stacks_tests.rs"]
mod tests;
