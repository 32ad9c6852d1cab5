//! Rules as distributions ship them, and as people write them.

use super::*;

fn rule(body: &str) -> String {
    format!("// A rule.\npolkit.addRule(function(action, subject) {{\n{body}\n}});\n")
}

/// What is found in a rule with this body, as `line whom action`.
fn found(body: &str) -> Vec<String> {
    let shown = |(line, whom, action): (usize, Vec<Whom>, Option<&str>)| {
        let whom: Vec<String> = whom
            .iter()
            .map(|whom| match whom {
                Whom::All => "all".to_owned(),
                Whom::User(name) => name.clone(),
                Whom::Group(name) => format!("%{name}"),
            })
            .collect();
        format!("{line} {} {}", whom.join(","), action.unwrap_or("everything"))
    };
    yeses(&rule(body)).into_iter().map(shown).collect()
}

#[test]
fn a_yes_to_becoming_root_is_found_with_whom_it_means() {
    for (body, expected) in [
        ("return polkit.Result.YES;", "3 all everything"),
        ("if (subject.isInGroup(\"sudo\")) {\n  return polkit.Result.YES;\n}", "4 %sudo everything"),
        ("if (subject.isInGroup('wheel'))\n  return 'yes';", "4 %wheel everything"),
        (
            "if (subject.local && subject.active && subject.isInGroup(\"a\") || subject.user == \"roy\") { return polkit.Result.YES }",
            "3 %a,roy everything",
        ),
        (
            "if (action.id == \"org.freedesktop.policykit.exec\" && subject.isInGroup(\"sudo\")) {\n return polkit.Result.YES;\n}",
            "4 %sudo org.freedesktop.policykit.exec",
        ),
        (
            "if (action.id.indexOf(\"org.freedesktop.\") === 0 && subject.user === \"kiosk\") { return polkit.Result.YES; }",
            "3 kiosk org.freedesktop.policykit.exec",
        ),
        (
            "if (action.id.startsWith(\"org.freedesktop.systemd1.\")) {\n if (subject.isInGroup(\"ops\")) {\n return polkit.Result.YES; } }",
            "5 %ops org.freedesktop.systemd1.manage-units",
        ),
        (
            "if (action.id == \"a.b\") { return polkit.Result.AUTH_ADMIN; }\nif (action.id == \"org.freedesktop.policykit.exec\") return polkit.Result.YES;",
            "4 all org.freedesktop.policykit.exec",
        ),
    ] {
        assert_eq!(found(body), [expected], "{body}");
    }
}

#[test]
fn what_distributions_ship_raises_no_alarm() {
    for body in [
        // packagekit
        "if ((action.id == \"org.freedesktop.packagekit.upgrade-system\" || action.id == \"org.freedesktop.packagekit.trigger-offline-update\") && subject.active == true && subject.local == true && subject.isInGroup(\"sudo\")) {\n return polkit.Result.YES;\n}",
        // libvirt
        "if (action.id == \"org.libvirt.unix.manage\" && subject.isInGroup(\"libvirt\")) { return polkit.Result.YES; }",
        // gvfs
        "if ((action.id == \"org.gtk.vfs.file-operations-helper\") && subject.local && subject.active && subject.isInGroup (\"wheel\")) { return polkit.Result.YES; }",
        // NetworkManager
        "if (action.id == \"org.freedesktop.NetworkManager.settings.modify.system\" && subject.local && subject.active && (subject.isInGroup (\"sudo\") || subject.isInGroup (\"netdev\"))) { return polkit.Result.YES; }",
        // GNOME's settings and first steps
        "if ((action.id == \"org.freedesktop.locale1.set-locale\" || action.id == \"org.freedesktop.hostname1.set-hostname\") && subject.local && subject.active && subject.isInGroup (\"wheel\")) { return polkit.Result.YES; }",
        "if (action.id.indexOf(\"org.freedesktop.hostname1.\") === 0 || action.id.indexOf(\"org.freedesktop.NetworkManager.\") === 0) { return polkit.Result.YES; }",
        // flatpak, fwupd
        "if ((action.id == \"org.freedesktop.Flatpak.app-install\" || action.id == \"org.freedesktop.Flatpak.runtime-install\") && subject.active == true && subject.isInGroup(\"wheel\")) { return polkit.Result.YES; }\n\nreturn polkit.Result.NOT_HANDLED;",
        // sssd
        "if (action.id == \"org.debian.pcsc-lite.access_card\" && subject.user == \"sssd\") { return polkit.Result.YES; }",
        // one unit, one program
        "if (action.id == \"org.freedesktop.systemd1.manage-units\" && action.lookup(\"unit\") == \"print.service\" && subject.isInGroup(\"ward\")) { return polkit.Result.YES; }",
        "if (action.id == \"org.freedesktop.policykit.exec\" && action.lookup(\"program\") == \"/usr/bin/backup\") { return polkit.Result.YES; }",
        // what others decide, and what cannot be told
        "polkit.log(\"x\"); var r = polkit.spawn([\"/usr/bin/pkla-check-authorization\"]); if (r) return polkit.Result.YES;",
        "if (action.id == \"a.b\") { return polkit.Result.NO; } else { return polkit.Result.YES; }",
        "if (action.id != \"org.freedesktop.policykit.exec\" && subject.isInGroup(\"sudo\")) { return polkit.Result.YES; }",
        "if (!action.id.startsWith(\"org.freedesktop.\")) { return polkit.Result.YES; }",
        "if (subject.isInGroup(\"sudo\")) { return polkit.Result.AUTH_SELF_KEEP; }",
        "// return polkit.Result.YES;\n/* return polkit.Result.YES;\n*/ return polkit.Result.NOT_HANDLED;",
        "if (!subject.isInGroup(\"sudo\")) { return polkit.Result.NO; } return polkit.Result.YES;",
        "if (subject.user == \"guest\") { return polkit.Result.NO; } return polkit.Result.YES;",
        "var yes = action[\"id\"] == \"a.b\"; if (yes) return polkit.Result.YES;",
    ] {
        assert_eq!(found(body), [""; 0], "{body}");
    }
    let admins = "polkit.addAdminRule(function(action, subject) {\n    return [\"unix-group:sudo\"];\n});\n";
    assert_eq!(yeses(admins), []);
    assert_eq!(yeses("polkit.addRule(function(a, s) { if (a.id == \"b\") return polkit.Result.YES; });"), []);
}

#[test]
fn what_is_no_rule_is_read_without_a_fault() {
    for text in [
        "",
        "polkit.addRule(",
        "polkit.addRule(function(a, s) { return \"yes",
        "}}}{{{;;;)((('\"/*",
        "é\u{0}\\",
    ] {
        yeses(text);
    }
}
