//! The program itself, the site and its configuration.

use super::Entry;

pub(super) const ENTRIES: &[Entry] = &[
    Entry {
        command: "",
        about: "Inscrit, réinitialise et assiste les personnes qui se connectent avec un second facteur",
        more: "",
        arguments: &[
            ("config", "Le fichier de configuration [par défaut : /etc/wardkey/wardkey.toml]"),
            ("json", "Écrit un seul document JSON sur la sortie standard, pour les scripts"),
            (
                "color",
                "Quand utiliser des couleurs ; sans elles, un code QR ne se scanne que sur un écran sombre",
            ),
        ],
    },
    Entry {
        command: "init",
        about: "Crée les répertoires d'état et la clé de scellement s'ils manquent ; ne remplace jamais rien",
        more: "",
        arguments: &[],
    },
    Entry { command: "config", about: "Examine la configuration, ou la modifie", more: "", arguments: &[] },
    Entry {
        command: "config check",
        about: "Lit la configuration, affiche ce qui est en vigueur et ce qui mérite attention",
        more: "",
        arguments: &[],
    },
    Entry {
        command: "config edit",
        about: "Modifie une copie de la configuration et ne remplace le fichier que si la copie est correcte",
        more: "L'éditeur est celui de VISUAL ou EDITOR, sinon sensible-editor ou vi. La copie est examinée comme par \
               `config check`, avec les autres fichiers de la configuration.",
        arguments: &[(
            "name",
            "Un fichier de wardkey.toml.d, avec ou sans .toml, qui peut ne pas exister encore [par défaut : wardkey.toml]",
        )],
    },
    Entry {
        command: "doctor",
        about: "Cherche dans les fichiers PAM et dans sshd les accès ouverts et bloqués, et ce qui reste à corriger",
        more: "Code de retour : 0 rien à corriger, 1 un avertissement, 3 un accès ouvert ou bloqué.",
        arguments: &[("services", "Services à examiner [par défaut : tous]")],
    },
    Entry {
        command: "try",
        about: "Parcourt dans ce terminal la vraie pile PAM d'un service, comme le ferait son programme, sans ouvrir de session",
        more: "Interroge `auth` et `account`. Pour sshd, un vrai serveur est joint sur cette machine et exécute /bin/true. Un \
               code juste est consommé, un code erroné est compté. Code de retour : 0 l'accès est accordé, 1 il est \
               refusé, 3 panne.",
        arguments: &[
            ("user", "La personne"),
            ("service", "Le service PAM, du nom de son fichier dans /etc/pam.d"),
        ],
    },
    Entry {
        command: "enable",
        about: "Active des services : ils demandent un code, et sont remis en place tout seuls sans votre confirmation",
        more: "Ce qui va changer est d'abord affiché, et sur un terminal la commande demande s'il faut continuer. Connectez-vous \
               ensuite une fois par chaque service depuis une autre fenêtre, puis lancez `wardkey enable --confirm`.",
        arguments: &[
            (
                "services",
                "Les services, comme sshd, login, sudo, su ; avec --confirm, ceux à garder bien qu'aucun code n'y ait été accepté",
            ),
            (
                "all",
                "Tous les services qui laissent entrer quelqu'un, pour autant que wardkey sache y prouver ses lignes",
            ),
            ("confirm_within", "Le temps laissé pour confirmer, comme 10m ou 1h, 24h au plus"),
            ("print", "Affiche ce qui changerait, et ne change rien"),
            ("keys_too", "Demande le mot de passe et un code après une clé SSH aussi"),
            ("no_revert", "Active pour de bon : rien ne remet en place, et il n'y a rien à confirmer"),
            ("confirm", "Garde ce qui a été activé et prouvé ; remet le reste en place"),
            (
                "status",
                "Affiche ce qui est activé, ce qui attend une confirmation et ce qui a été remis en place",
            ),
            ("put_back", "Pour la seule unité wardkey-put-back.service"),
            ("watch", "Pour la seule unité wardkey-watch.service"),
        ],
    },
    Entry {
        command: "disable",
        about: "Désactive des services : leurs fichiers contiennent de nouveau ce qu'ils contenaient avant `wardkey enable`",
        more: "Ce que quelqu'un a ajouté depuis à un fichier y reste.",
        arguments: &[
            (
                "services",
                "Des services activés par `wardkey enable`, ou dans lesquels nos lignes ont été écrites à la main",
            ),
            ("all", "Tous"),
            (
                "check",
                "Dit seulement quelles lignes nomment encore pam_wardkey.so, comme avant le retrait d'un paquet [état 1 s'il y en a]",
            ),
            (
                "outside_profile",
                "Avec --check : omet les lignes que pam-auth-update tient pour le profil de wardkey, et retire lui-même",
            ),
        ],
    },
    Entry {
        command: "completions",
        about: "Affiche la complétion pour un shell, à placer là où celui-ci la cherche",
        more: "Par exemple : `wardkey completions bash > /usr/share/bash-completion/completions/wardkey`",
        arguments: &[("shell", "Pour quel shell")],
    },
];
