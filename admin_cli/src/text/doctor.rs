//! What `doctor` says of PAM's stacks: what is so, what follows, what to do.

use super::messages;
use crate::doctor::fault::{StackFault, WitnessStep};
use crate::doctor::finding::FindingSeverity;
use pam_stack::modules::Proof;
use pam_stack::{Action, Kind, PamResult, Remark, Trouble};
use std::collections::BTreeSet;

messages! {
    no_such_pam_service(name: &str): "no PAM service is called {name}" | "aucun service PAM ne s'appelle {name}";
    why_line(why: &str): "  Why: {why}" | "  Pourquoi : {why}";
    remedy_line(remedy: &str): "  Remedy: {remedy}" | "  Remède : {remedy}";
    severity_note(): "Note" | "À savoir";
    severity_warning(): "Warning" | "Attention";
    severity_lock_out(): "Lock-out" | "Accès bloqué";
    severity_way_in(): "Way in" | "Accès ouvert";

    past_what(service: &str, what: &str): "{service}: {what} without a code" | "{service} : {what} sans code";
    nothing_opens(): "somebody gets in without a password and" | "on entre sans mot de passe et";
    password_opens(): "the password alone opens" | "le mot de passe seul ouvre";
    biometry_opens(): "a finger or a face opens" | "un doigt ou un visage ouvre";
    factor_opens(factor: &str): "{factor} alone opens" | "{factor} suffit : on entre";
    unknown_opens(): "a module that the doctor does not know opens" | "un module inconnu du docteur ouvre";
    past_why(way: &str): "This way leads in: {way}" | "Ce chemin mène à l'entrée : {way}";
    past_remedy(): "Put the line `auth requisite pam_wardkey.so` where every way to a success passes it, as the examples have it, or remove what lets people in before it."
        | "Placez la ligne `auth requisite pam_wardkey.so` là où passe tout chemin vers un succès, comme dans les exemples, ou retirez ce qui laisse entrer avant elle.";
    other_factor_what(service: &str, factor: &str): "{service}: {factor} opens in place of a code" | "{service} : {factor} ouvre à la place d'un code";
    security_key(): "a security key" | "une clé de sécurité";
    smart_card(): "a smart card" | "une carte à puce";
    other_code(): "another product's code" | "le code d'un autre produit";
    other_factor_remedy(): "Leave it if that is meant; else take its line out." | "Laissez-le si c'est voulu ; sinon, retirez sa ligne.";
    code_alone_what(service: &str): "{service}: a code opens without a password" | "{service} : un code ouvre sans mot de passe";
    code_alone_remedy(): "Put pam_unix.so, or the include of common-auth, before the line of wardkey." | "Placez pam_unix.so, ou l'inclusion de common-auth, avant la ligne de wardkey.";
    nobody_in_what(service: &str): "{service}: nobody gets in, also with the right password and code" | "{service} : personne n'entre, même avec le bon mot de passe et le bon code";
    nobody_in_why(): "No way through its auth lines ends in a success after wardkey said yes." | "Aucun chemin à travers ses lignes auth n'aboutit à un succès après le oui de wardkey.";
    like_the_example(service: &str): "Compare its lines with the example {service}." | "Comparez ses lignes à l'exemple {service}.";
    ignored_what(service: &str): "{service}: people who need no code are refused" | "{service} : les personnes dispensées de code sont refusées";
    ignored_why(): "wardkey stands aside for them, and no other line of the stack says yes." | "wardkey s'efface pour elles, et aucune autre ligne de la pile ne dit oui.";
    ignored_remedy(): "End the stack with `auth required pam_permit.so`." | "Terminez la pile par `auth required pam_permit.so`.";
    asked_first_what(service: &str): "{service}: the code is asked before the password is right" | "{service} : le code est demandé avant que le mot de passe soit juste";
    asked_first_why(): "Somebody who knows neither can type wrong codes until the person must wait." | "Quelqu'un qui ne connaît ni l'un ni l'autre peut saisir de faux codes jusqu'à ce que la personne doive attendre.";
    asked_first_remedy(): "Let a wrong password end the stack before wardkey's line: `auth requisite pam_unix.so`, or @include common-auth; not `substack`." | "Faites qu'un mauvais mot de passe termine la pile avant la ligne de wardkey : `auth requisite pam_unix.so`, ou @include common-auth ; pas `substack`.";
    acts_what(service: &str, module: &str): "{service}: {module} still acts after a wrong code" | "{service} : {module} agit encore après un mauvais code";
    acts_why(): "The control of wardkey's line lets the stack go on after a refusal." | "Le contrôle de la ligne de wardkey laisse la pile continuer après un refus.";
    acts_remedy(): "Write `requisite` in wardkey's auth line. Where a `substack` brings that line, write `include` for it." | "Écrivez `requisite` dans la ligne auth de wardkey. Là où un `substack` apporte cette ligne, écrivez `include` à sa place.";
    missing_what(service: &str, kind: &str): "{service}: wardkey has no {kind} line" | "{service} : wardkey n'a pas de ligne {kind}";
    missing_account_why(): "Somebody who was reset comes in by the pass and never enrols, and a refusal that a weak control word loses is not caught." | "Une personne réinitialisée entre avec le laissez-passer sans jamais s'inscrire, et un refus perdu par un contrôle trop faible n'est pas rattrapé.";
    missing_password_why(): "Somebody who must enrol is asked for a new password instead, and then refused." | "Une personne qui doit s'inscrire se voit demander un nouveau mot de passe, puis est refusée.";
    missing_session_why(): "Somebody who was let in only to enrol gets a session without enrolling." | "Une personne admise seulement pour s'inscrire obtient une session sans s'inscrire.";
    missing_remedy(line: &str): "Add `{line}`." | "Ajoutez `{line}`.";
    passed_by_what(service: &str, kind: &str): "{service}: wardkey's {kind} line is not always reached" | "{service} : la ligne {kind} de wardkey n'est pas toujours atteinte";
    passed_by_remedy(kind: &str): "Make it the first {kind} line." | "Faites-en la première ligne {kind}.";
    refusal_lost_what(service: &str, kind: &str): "{service}: a refusal of wardkey's {kind} line does not count" | "{service} : un refus de la ligne {kind} de wardkey ne compte pas";
    refusal_lost_remedy(line: &str): "Write `{line}`." | "Écrivez `{line}`.";
    late_what(service: &str): "{service}: the password is changed before wardkey's password line" | "{service} : le mot de passe est changé avant la ligne password de wardkey";
    late_why(): "Somebody who must enrol is asked for a new password first." | "Une personne qui doit s'inscrire se voit d'abord demander un nouveau mot de passe.";
    twice_what(service: &str): "{service}: two lines ask for a code" | "{service} : deux lignes demandent un code";
    twice_why(): "A code opens once, so the second line waits for the next one." | "Un code n'ouvre qu'une fois : la seconde ligne attend donc le suivant.";
    twice_remedy(): "Take this line out, or the one in the included file." | "Retirez cette ligne, ou celle du fichier inclus.";
    argument_what(service: &str, word: &str): "{service}: wardkey does not know the argument `{word}`, or has it twice" | "{service} : wardkey ne connaît pas l'argument `{word}`, ou le trouve deux fois";
    argument_why(): "It refuses every login there." | "Il refuse toute connexion par ce service.";
    argument_remedy(): "Take the argument out." | "Retirez l'argument.";
    nullok_remedy(): "Take the argument out, and write unenrolled = \"ignore\" into [policy] if people who are not enrolled yet should come in." | "Retirez l'argument, et écrivez unenrolled = \"ignore\" dans [policy] si les personnes non encore inscrites doivent entrer.";
    no_module_what(service: &str, path: &str): "{service}: libpam finds no module {path}" | "{service} : libpam ne trouve pas de module {path}";
    no_module_why(): "A module that is missing answers with a failure." | "Un module absent répond par un échec.";
    no_module_remedy(): "Install it where pam_permit.so lies, or write its path in full." | "Installez-le là où se trouve pam_permit.so, ou écrivez son chemin complet.";
    one_field_what(service: &str): "{service}: its program has one field, and is asked twice" | "{service} : son programme n'a qu'un champ, et on l'interroge deux fois";
    one_field_why(): "It answers every prompt with that field, so nobody gets in." | "Il répond à chaque question par ce champ, donc personne n'entre.";
    one_field_remedy(service: &str): "Ask for password and code in one entry, as the example {service} does." | "Demandez mot de passe et code en une saisie, comme l'exemple {service}.";
    too_wide_what(service: &str, kind: &str): "{service}: its {kind} lines have too many ways to look through" | "{service} : ses lignes {kind} ont trop de chemins pour les parcourir";
    too_wide_why(): "Nothing is proven of it: there may be a way in or a lock-out." | "Rien n'est prouvé à son sujet : il peut y avoir un accès ouvert ou bloqué.";
    too_wide_remedy(): "Write fewer lines, with plain control words in place of jumps and resets." | "Écrivez moins de lignes, avec des mots de contrôle simples au lieu de sauts et de remises à zéro.";
    refused_what(service: &str): "{service}: libpam refuses the whole service" | "{service} : libpam refuse le service entier";
    refused_why(): "Nobody gets in by it." | "Personne n'entre par lui.";
    refused_remedy(): "Mend the line." | "Corrigez la ligne.";
    not_opened_what(service: &str): "{service}: libpam cannot open its file" | "{service} : libpam ne peut pas ouvrir son fichier";
    not_opened_why(): "The service `other` answers in its place." | "Le service `other` répond à sa place.";
    not_opened_remedy(): "Look where its link leads, and put the file back." | "Voyez où mène son lien, et remettez le fichier en place.";
    misread_why(): "libpam counts such a line as a failure." | "libpam compte une telle ligne comme un échec.";
    no_other_why(): "Each start of a program that asks PAM writes that into the log." | "Chaque démarrage d'un programme qui interroge PAM l'écrit dans le journal.";
    no_other_remedy(): "Write `auth required pam_deny.so` and the like for account, password and session into /etc/pam.d/other." | "Écrivez `auth required pam_deny.so`, et de même pour account, password et session, dans /etc/pam.d/other.";
    two_ways_what(service: &str): "{service}: libpam before 1.6 and since read it in two ways" | "{service} : libpam avant 1.6 et depuis le lisent de deux façons";
    two_ways_why(): "A line is longer than 1,023 bytes, or a comment stands within a continued line: an update of the system changes what is in force." | "Une ligne dépasse 1 023 octets, ou un commentaire se trouve dans une ligne continuée : une mise à jour du système change ce qui est en vigueur.";
    two_ways_remedy(): "Shorten the line, or move the comment." | "Raccourcissez la ligne, ou déplacez le commentaire.";
    not_asked_what(service: &str): "{service}: no code is asked" | "{service} : aucun code n'est demandé";
    not_asked_why(): "People come in by its other lines alone." | "On entre par ses autres lignes seules.";
    not_asked_remedy(): "Switch it on by wardkey enable, or leave it if that is meant." | "Activez-le par wardkey enable, ou laissez-le si c'est voulu.";
    shadowed_what(service: &str, file: &str): "{service}: wardkey's lines stand in {file}, which libpam does not read" | "{service} : les lignes de wardkey sont dans {file}, que libpam ne lit pas";
    shadowed_why(first: &str): "{first} comes first." | "{first} passe avant.";
    shadowed_remedy(): "Move the lines into the file that libpam reads." | "Déplacez les lignes dans le fichier que libpam lit.";
    left_beside_what(service: &str, file: &str): "{service}: {file} lies beside the file with wardkey's lines" | "{service} : {file} se trouve à côté du fichier qui a les lignes de wardkey";
    left_beside_why(): "A package brought a newer file and left yours in place." | "Un paquet a apporté un fichier plus récent et laissé le vôtre.";
    left_beside_remedy(): "Compare the two, carry over what is new, and remove it." | "Comparez les deux, reprenez ce qui est nouveau, puis supprimez-le.";

    nothing_asks_what(): "no service asks for a code yet" | "aucun service ne demande encore de code";
    nothing_asks_why(): "wardkey is installed, and no PAM file has its lines." | "wardkey est installé, et aucun fichier PAM n'a ses lignes.";
    nothing_asks_remedy(): "Run wardkey enable with their names, such as sshd or sudo; --print first shows what would change." | "Lancez wardkey enable avec leurs noms, comme sshd ou sudo ; --print montre d'abord ce qui changerait.";

    step_said(module: &str, answer: &str): "{module} {answer}" | "{module} {answer}";
    says_yes(): "says yes" | "dit oui";
    stands_aside(): "stands aside" | "s'efface";
    says_no(result: &str): "says no ({result})" | "dit non ({result})";
    ends_the_stack(said: &str): "{said}, which ends the stack" | "{said}, ce qui termine la pile";
    jumps(said: &str, lines: u32): "{said}, jump of {lines}" | "{said}, saut de {lines}";
    leads_in(steps: &str): "{steps}: in" | "{steps} : entrée";

    unknown_kind(word: &str): "`{word}` is not auth, account, password or session" | "`{word}` n'est ni auth, ni account, ni password, ni session";
    no_control(): "the line has one word alone" | "la ligne n'a qu'un mot";
    control_wrong(at: &str): "the control word is wrong at `{at}`" | "le mot de contrôle est faux à `{at}`";
    no_module_word(): "the line names no module" | "la ligne ne nomme aucun module";
    no_included_name(): "the line names no file to include; libpam crashes at it" | "la ligne ne nomme aucun fichier à inclure ; libpam s'y interrompt brutalement";
    not_included(name: &str): "libpam does not find the file {name} to include" | "libpam ne trouve pas le fichier {name} à inclure";
    no_at_include(): "only Debian's libpam knows `@include`; here it is `auth include NAME`, and so for account, password and session" | "seule la libpam de Debian connaît `@include` ; ici c'est `auth include NOM`, et de même pour account, password et session";
    too_deep(name: &str): "{name} is included in a circle, or deeper than 15 files" | "{name} est inclus en cercle, ou au-delà de 15 niveaux";
    unfinished(): "the file ends in a line that is continued" | "le fichier se termine par une ligne continuée";
    jump_too_far(): "a jump leads past the last line" | "un saut mène au-delà de la dernière ligne";
    too_large_file(): "the file is larger than 1 MiB and was not looked at" | "le fichier dépasse 1 Mio et n'a pas été examiné";
    too_many_lines(): "it has more than 1,000 lines with all that it includes, and was not looked at" | "il a plus de 1 000 lignes avec tout ce qu'il inclut, et n'a pas été examiné";
    is_directory(): "it is a directory, which libpam reads as an empty file" | "c'est un répertoire, que libpam lit comme un fichier vide";
    no_plain_file(): "it is a FIFO, a socket or a device, at which libpam waits" | "c'est un tube, une socket ou un périphérique, sur lequel libpam attend";
    no_other_file(): "there is no service `other`, which answers for all that others leave out" | "il n'y a pas de service `other`, qui répond pour tout ce que les autres omettent";
}

/// What stands, what follows, what to do.
pub(crate) type Words = (String, String, String);

impl super::Text {
    /// How bad a finding is, in a word.
    pub(crate) fn severity(&self, severity: FindingSeverity) -> String {
        match severity {
            FindingSeverity::Note => self.severity_note(),
            FindingSeverity::Warning => self.severity_warning(),
            FindingSeverity::LockOut => self.severity_lock_out(),
            FindingSeverity::WayIn => self.severity_way_in(),
        }
    }

    /// A fault of a service's stacks.
    pub(crate) fn stack_fault(&self, service: &str, fault: &StackFault) -> Words {
        match fault {
            StackFault::Past(proofs, way) => (
                self.past_what(service, &self.opener(proofs)),
                self.past_why(&self.way(way)),
                self.past_remedy(),
            ),
            StackFault::OtherFactor(proof, way) => {
                let what = self.other_factor_what(service, &self.factor(*proof));
                (what, self.past_why(&self.way(way)), self.other_factor_remedy())
            }
            StackFault::CodeAlone(way) => {
                (self.code_alone_what(service), self.past_why(&self.way(way)), self.code_alone_remedy())
            }
            StackFault::NobodyIn => {
                (self.nobody_in_what(service), self.nobody_in_why(), self.like_the_example(service))
            }
            StackFault::NoAccount => {
                (self.no_account_what(service), self.no_account_why(), self.no_account_remedy())
            }
            StackFault::IgnoredRefused => {
                (self.ignored_what(service), self.ignored_why(), self.ignored_remedy())
            }
            StackFault::AskedFirst(_) => {
                (self.asked_first_what(service), self.asked_first_why(), self.asked_first_remedy())
            }
            StackFault::ActsAfterNo(_, module) => {
                (self.acts_what(service, module), self.acts_why(), self.acts_remedy())
            }
            StackFault::Missing(kind) => self.missing(service, *kind),
            StackFault::PassedBy(kind, way) => {
                let what = self.passed_by_what(service, kind.name());
                (what, self.past_why(&self.way(way)), self.passed_by_remedy(kind.name()))
            }
            StackFault::RefusalLost(kind, way) => {
                let what = self.refusal_lost_what(service, kind.name());
                (what, self.past_why(&self.way(way)), self.refusal_lost_remedy(line_of(*kind)))
            }
            StackFault::LatePassword(_) => {
                (self.late_what(service), self.late_why(), self.passed_by_remedy("password"))
            }
            StackFault::Twice(_) => (self.twice_what(service), self.twice_why(), self.twice_remedy()),
            other => self.file_fault(service, other),
        }
    }

    fn file_fault(&self, service: &str, fault: &StackFault) -> Words {
        match fault {
            StackFault::BadArgument(_, word) => {
                let remedy = if word == "nullok" { self.nullok_remedy() } else { self.argument_remedy() };
                (self.argument_what(service, word), self.argument_why(), remedy)
            }
            StackFault::UnknownCheck(..)
            | StackFault::OtherConfig(..)
            | StackFault::NoConfig(..)
            | StackFault::NeverRead(_)
            | StackFault::NoFile => self.setting_fault(service, fault),
            StackFault::NoModule(_, path) => {
                (self.no_module_what(service, path), self.no_module_why(), self.no_module_remedy())
            }
            StackFault::Misspelt(_, path) => {
                (self.no_module_what(service, path), self.no_module_why(), self.misspelt_remedy())
            }
            StackFault::OneField(_) => {
                (self.one_field_what(service), self.one_field_why(), self.one_field_remedy(service))
            }
            StackFault::TooWide(kind) => {
                (self.too_wide_what(service, kind.name()), self.too_wide_why(), self.too_wide_remedy())
            }
            StackFault::Refused(remark) => {
                let why =
                    remark.as_ref().map(|remark| format!("{}. ", self.trouble(remark))).unwrap_or_default();
                (self.refused_what(service), why + &self.refused_why(), self.refused_remedy())
            }
            StackFault::NotOpened => {
                (self.not_opened_what(service), self.not_opened_why(), self.not_opened_remedy())
            }
            StackFault::Misread(remark) if remark.trouble == Trouble::NoOther => {
                (format!("{service}: {}", self.trouble(remark)), self.no_other_why(), self.no_other_remedy())
            }
            StackFault::Misread(remark) => {
                (format!("{service}: {}", self.trouble(remark)), self.misread_why(), self.refused_remedy())
            }
            StackFault::ReadInTwoWays => {
                (self.two_ways_what(service), self.two_ways_why(), self.two_ways_remedy())
            }
            StackFault::Shadowed(file) => {
                let first = format!("/etc/pam.d/{service}");
                (
                    self.shadowed_what(service, &file.display().to_string()),
                    self.shadowed_why(&first),
                    self.shadowed_remedy(),
                )
            }
            StackFault::LeftBeside(file) => (
                self.left_beside_what(service, &file.display().to_string()),
                self.left_beside_why(),
                self.left_beside_remedy(),
            ),
            StackFault::OtherAnswers => {
                (self.other_answers_what(service), self.not_opened_why(), self.other_answers_remedy(service))
            }
            StackFault::BadStart(place, wrong) => {
                let line = self.start_line(
                    &place.file.display().to_string(),
                    &place.line.to_string(),
                    service,
                    *wrong,
                );
                (format!("{service}: {line}"), String::new(), self.start_remedy())
            }
            _ => (self.not_asked_what(service), self.not_asked_why(), self.not_asked_remedy()),
        }
    }

    fn opener(&self, proofs: &BTreeSet<Proof>) -> String {
        if proofs.contains(&Proof::Password) {
            self.password_opens()
        } else if proofs.contains(&Proof::Biometric) {
            self.biometry_opens()
        } else if let Some(proof) = proofs.iter().find(|proof| is_a_thing(**proof)) {
            self.factor_opens(&self.factor(*proof))
        } else if proofs.contains(&Proof::Unknown) {
            self.unknown_opens()
        } else {
            self.nothing_opens()
        }
    }

    fn factor(&self, proof: Proof) -> String {
        match proof {
            Proof::SecurityKey => self.security_key(),
            Proof::SmartCard => self.smart_card(),
            _ => self.other_code(),
        }
    }

    fn missing(&self, service: &str, kind: Kind) -> Words {
        let why = match kind {
            Kind::Auth | Kind::Account => self.missing_account_why(),
            Kind::Password => self.missing_password_why(),
            Kind::Session => self.missing_session_why(),
        };
        (self.missing_what(service, kind.name()), why, self.missing_remedy(line_of(kind)))
    }

    /// A way through a stack, step by step.
    fn way(&self, steps: &[WitnessStep]) -> String {
        let step = |step: &WitnessStep| {
            let answer = match step.result {
                PamResult::Success => self.says_yes(),
                PamResult::Ignore => self.stands_aside(),
                other => self.says_no(other.name()),
            };
            let said = self.step_said(&step.module, &answer);
            match step.action {
                Action::Done | Action::Die => self.ends_the_stack(&said),
                Action::Jump(lines) => self.jumps(&said, lines),
                _ => said,
            }
        };
        self.leads_in(&steps.iter().map(step).collect::<Vec<_>>().join("; "))
    }

    /// What libpam takes otherwise than it is written.
    fn trouble(&self, remark: &Remark) -> String {
        match &remark.trouble {
            Trouble::UnknownKind(word) => self.unknown_kind(word),
            Trouble::NoAtInclude => self.no_at_include(),
            Trouble::NoControl => self.no_control(),
            Trouble::InvalidControl(at) => self.control_wrong(at.trim_end()),
            Trouble::NoModule => self.no_module_word(),
            Trouble::NoIncludedName => self.no_included_name(),
            Trouble::NotIncluded(name) | Trouble::NotIncludedAtAll(name) => self.not_included(name),
            Trouble::TooDeep(name) => self.too_deep(name),
            Trouble::Unfinished => self.unfinished(),
            Trouble::JumpTooFar => self.jump_too_far(),
            Trouble::TooLarge => self.too_large_file(),
            Trouble::TooManyLines => self.too_many_lines(),
            Trouble::Directory => self.is_directory(),
            Trouble::NotAFile => self.no_plain_file(),
            Trouble::NoOther => self.no_other_file(),
        }
    }
}

/// Whether somebody must have it to get in.
const fn is_a_thing(proof: Proof) -> bool {
    matches!(proof, Proof::SecurityKey | Proof::SmartCard | Proof::OtherCode)
}

/// Our line in this stack, as the examples have it.
const fn line_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Auth => "auth requisite pam_wardkey.so",
        Kind::Account => "account required pam_wardkey.so",
        Kind::Password => "password [success=done ignore=ignore default=die] pam_wardkey.so",
        Kind::Session => "session requisite pam_wardkey.so",
    }
}
