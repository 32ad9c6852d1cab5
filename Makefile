# wardkey. `make help` lists the targets.

CARGO      ?= cargo
PREFIX     ?= /usr
SYSCONFDIR ?= /etc
DESTDIR    ?=
CARGO_TARGET_DIR := $(abspath $(or $(CARGO_TARGET_DIR),target))
export CARGO_TARGET_DIR

# Where PAM looks for modules: beside its own. Override with PAMDIR=.
ARCH    := $(shell $(CC) -dumpmachine 2>/dev/null)
LIBDIRS := /usr/lib/$(ARCH) /lib/$(ARCH) /usr/lib64 /lib64 /usr/lib/*-linux-* /usr/lib
PAM_OWN := $(firstword $(wildcard $(addsuffix /security/pam_unix.so,$(LIBDIRS))))
PAMDIR  ?= $(patsubst %/,%,$(dir $(or $(PAM_OWN),/usr/lib/security/pam_unix.so)))

ZSHDIR  ?= $(PREFIX)/share/zsh/$(if $(wildcard /etc/debian_version),vendor-completions,site-functions)
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
MANDIR  ?= $(PREFIX)/share/man
DOCDIR  ?= $(PREFIX)/share/doc/wardkey
UNITDIR ?= $(PREFIX)/lib/systemd/system
# Where pam-auth-update looks for profiles, on Debian and its kin.
PROFILES ?= $(if $(wildcard /etc/debian_version),/usr/share/pam-configs)
HELPER  := $(PREFIX)/libexec/wardkey/wardkey-helper
UNITS   := $(wildcard packaging/systemd/*)
# What `make build` makes besides the module; a package without the verifier leaves that out.
PROGRAMS ?= wardkey wardkey-helper wardkey-verifier
VERIFIER := $(PREFIX)/libexec/wardkey/wardkey-verifier
SYSUSERSDIR ?= $(PREFIX)/lib/sysusers.d
TMPFILESDIR ?= $(PREFIX)/lib/tmpfiles.d

BUILT       := $(CARGO_TARGET_DIR)/release
COMPLETIONS := $(BUILT)/completions
CARRY_OVER  := $(if $(DESTDIR),carry it over as docs/operations.md says; there )

# wardkey.8 and fr/wardkey.8; below MANDIR the page of a shell's $page is man8/wardkey.8 or fr/man8/wardkey.8.
MAN_PAGES := $(patsubst packaging/man/%.md,%,$(wildcard packaging/man/*.md packaging/man/*/*.md))
MAN_PLACE := $${page%$${page\#\#*/}}man$${page\#\#*.}/$${page\#\#*/}
MAN_BUILT := $(CARGO_TARGET_DIR)/man

NEED_RUST := CARGO="$(CARGO)" packaging/need-rust
DEMO_ROOT := packaging/need-root "make demo" "it starts an sshd, on private copies of what it changes."
BENCH_ROOT := packaging/need-root "make bench" "it logs in as people of a mount namespace of its own."
COVERAGE_ROOT := packaging/need-root "make coverage" "it runs the tests, which log in through real programs."
TEST_ROOT := packaging/need-root "make test" "tests log in through real programs, on private copies of what they change."
PACKAGES_ROOT := packaging/need-root "make packages-test" "it boots machines, in containers, and installs the package there."
RPM_ROOT := packaging/need-root "make rpm-test" "it installs the package, in a root of its own."
PIUPARTS_ROOT := packaging/need-root "make piuparts" "it installs the package in a root directory of its own."
GREETERS_ROOT := packaging/need-root "make greeters" "it boots machines, in containers."
TRIXIE_ROOT := packaging/need-root "make trixie" "it boots machines, in containers."
NEIGHBOURS_ROOT := packaging/need-root "make neighbours" "it logs in through real programs, on private copies of what they change."
PLANTED_ROOT := packaging/need-root "make planted" "it boots machines, in containers."
FUZZ_ROOT := packaging/need-root "make fuzz" "one target logs in through the module as root does, on a state of its own."

# Tests that leave calls out in `make test`, and none here.
EVERY_CALL := crash_ disabling:: enabling:: io_errors:: new_phone:: no_unnamed_files:: rename:: sheet::

# What a bare Debian has, so that it boots, people log in, and a test sees what dpkg does.
BARE := bsdutils cron dbus e2fsprogs libpam-systemd login openssh-client openssh-server passwd procps sensible-utils strace sudo \
    systemd systemd-sysv util-linux
# And what else tests of `wardkey enable` log in through.
LOCKERS_TOO := git greetd i3lock locales openssl pamtester pkexec polkitd rsync tar xdotool xvfb

.PHONY: help demo fleet install-verifier deb deb-twice piuparts rpm rpm-test selinux packages-test copyright test libpam trixie greeters neighbours timing faults planted bench fuzz model coverage mutants hot-functions check build man install uninstall clean build-needs

##@ To try and to install
help: ## lists the targets
	@awk -F ':.*## ' '/^##@ / { printf "%s%s:\n", n++ ? "\n" : "", substr($$0, 5) } \
	    /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## a real login with a second factor, in a throw-away installation
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt demo/packages.txt || { $(DEMO_ROOT); false; }
	@$(DEMO_ROOT)
	@$(MAKE) --no-print-directory build
	@demo/run

build: build-needs ## module, command, helper, verifier and completions, for release
	CARGO="$(CARGO)" packaging/build-module
	$(CARGO) build --release --locked $(PROGRAMS:%=-p %)
	@mkdir -p $(COMPLETIONS)
	@for shell in bash zsh fish; do \
	    $(BUILT)/wardkey completions $$shell >$(COMPLETIONS)/$$shell || exit 1; \
	done

build-needs:
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt

man: ## the manual pages (needs pandoc)
	@packaging/need-packages packaging/man-packages.txt
	@mkdir -p $(sort $(dir $(addprefix $(MAN_BUILT)/,$(MAN_PAGES))))
	@for page in $(MAN_PAGES); do \
	    pandoc --standalone --from markdown-smart-tex_math_dollars --to man packaging/man/$$page.md --output $(MAN_BUILT)/$$page || exit 1; \
	done

install: ## puts what `make build` and `make man` built into place: DESTDIR= PREFIX= PAMDIR=
	@for file in $(BUILT)/libpam_wardkey.so $(BUILT)/wardkey $(BUILT)/wardkey-helper $(COMPLETIONS)/bash; do \
	    [ -e $$file ] || { echo "$$file is missing: run \`make build\` first." >&2; exit 1; }; \
	done
	@install -D -m 0644 $(BUILT)/libpam_wardkey.so $(DESTDIR)$(PAMDIR)/pam_wardkey.so.new
	@mv -f $(DESTDIR)$(PAMDIR)/pam_wardkey.so.new $(DESTDIR)$(PAMDIR)/pam_wardkey.so
	@install -D -m 0755 $(BUILT)/wardkey $(DESTDIR)$(PREFIX)/bin/wardkey
	@install -D -m 0755 $(BUILT)/wardkey-helper $(DESTDIR)$(HELPER).new
	@mv -f $(DESTDIR)$(HELPER).new $(DESTDIR)$(HELPER)
	@install -d -m 0755 $(DESTDIR)$(UNITDIR)
	@rm -f $(DESTDIR)$(UNITDIR)/wardkey-helper@.service # of earlier builds
	@for unit in $(UNITS); do \
	    sed 's|@HELPER@|$(HELPER)|; s|@WARDKEY@|$(PREFIX)/bin/wardkey|' $$unit >$(DESTDIR)$(UNITDIR)/$${unit##*/} && \
	        chmod 0644 $(DESTDIR)$(UNITDIR)/$${unit##*/} || exit 1; \
	done
	@install -d -m 0755 $(DESTDIR)$(SYSCONFDIR)/wardkey
	@[ -e $(DESTDIR)$(SYSCONFDIR)/wardkey/wardkey.toml ] || \
	    install -m 0644 config/wardkey.toml $(DESTDIR)$(SYSCONFDIR)/wardkey/wardkey.toml
	@install -d -m 0755 $(DESTDIR)$(SYSCONFDIR)/pam.d
	@[ -e $(DESTDIR)$(SYSCONFDIR)/pam.d/wardkey ] || \
	    install -m 0644 config/pam.d/wardkey $(DESTDIR)$(SYSCONFDIR)/pam.d/wardkey
	@[ -z "$(PROFILES)" ] || install -D -m 0644 config/pam-configs/wardkey $(DESTDIR)$(PROFILES)/wardkey
	@packaging/install-documents $(DESTDIR)$(DOCDIR)
	@install -D -m 0644 $(COMPLETIONS)/bash $(DESTDIR)$(BASHDIR)/wardkey
	@install -D -m 0644 $(COMPLETIONS)/zsh $(DESTDIR)$(ZSHDIR)/_wardkey
	@install -D -m 0644 $(COMPLETIONS)/fish $(DESTDIR)$(FISHDIR)/wardkey.fish
	@left_out=; for page in $(MAN_PAGES); do \
	    if [ -e $(MAN_BUILT)/$$page ]; then \
	        install -D -m 0644 $(MAN_BUILT)/$$page $(DESTDIR)$(MANDIR)/$(MAN_PLACE) || exit 1; \
	    else left_out="$$left_out $$page"; fi; \
	done; [ -z "$$left_out" ] || echo "Manual pages left out, since they are not built (\`make man\`):$$left_out"
	@if [ -z "$(DESTDIR)" ] && grep -qs '^[^#]*pam_wardkey' /etc/pam.conf /etc/pam.d/*; then \
	    echo "wardkey is upgraded: the PAM files that name it use the new module from now on."; \
	    echo "Next: sudo wardkey init. Then the other lines of \"Upgrade\" in $(DOCDIR)/docs/operations.md"; \
	else \
	    echo "wardkey is installed$(if $(DESTDIR), under $(DESTDIR)). No login asks for codes yet: no PAM file was changed."; \
	    echo "Next: $(CARRY_OVER)sudo wardkey init. Then step 2 of $(DOCDIR)/docs/quick-start.md"; \
	fi

install-verifier: ## adds the clinic's verifier, on its host: program, unit and account; switches nothing on
	@[ -e $(BUILT)/wardkey-verifier ] || { echo "Missing: $(BUILT)/wardkey-verifier. First: make build" >&2; exit 1; }
	@install -D -m 0755 $(BUILT)/wardkey-verifier $(DESTDIR)$(VERIFIER).new
	@mv -f $(DESTDIR)$(VERIFIER).new $(DESTDIR)$(VERIFIER)
	@install -d -m 0755 $(DESTDIR)$(UNITDIR)
	@sed 's|@VERIFIER@|$(VERIFIER)|' packaging/verifier/wardkey-verifier.service >$(DESTDIR)$(UNITDIR)/wardkey-verifier.service
	@chmod 0644 $(DESTDIR)$(UNITDIR)/wardkey-verifier.service
	@install -D -m 0644 packaging/verifier/helper.conf $(DESTDIR)$(UNITDIR)/wardkey-helper.service.d/verifier.conf
	@install -D -m 0644 packaging/verifier/sysusers.conf $(DESTDIR)$(SYSUSERSDIR)/wardkey-verifier.conf
	@install -D -m 0644 packaging/verifier/tmpfiles.conf $(DESTDIR)$(TMPFILESDIR)/wardkey-verifier.conf
	@echo "The verifier is installed$(if $(DESTDIR), under $(DESTDIR)), and does not run. Next: systemd-sysusers; systemctl daemon-reload; [verifier] in $(SYSCONFDIR)/wardkey/wardkey.toml; wardkey fleet init"

deb: ## the Debian package, in $CARGO_TARGET_DIR/deb (wants Debian 12 or newer)
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt packaging/man-packages.txt packaging/deb-packages.txt
	@packaging/deb

uninstall: ## takes it out again; configuration, key and state stay
	@if [ -z "$(DESTDIR)" ] && grep -rls '^[^#]*pam_wardkey' /etc/pam.conf /etc/pam.d; then \
	    echo "These files name pam_wardkey: without it nobody gets in. Take the lines out first: wardkey disable --all, pam-auth-update --remove wardkey where that wrote them, and by hand those that are left." >&2; \
	    exit 1; \
	fi
	@if [ -z "$(DESTDIR)" ] && [ -d /run/systemd/system ] && [ -e $(UNITDIR)/wardkey-helper.socket ]; then \
	    systemctl disable --now wardkey-helper.socket && systemctl stop wardkey-helper.service || \
	        echo "Stop the helper: systemctl disable --now wardkey-helper.socket; systemctl stop wardkey-helper.service" >&2; \
	elif [ -z "$(DESTDIR)" ]; then echo "If the helper runs, stop it: with systemd by systemctl disable --now" \
	    "wardkey-helper.socket and systemctl stop wardkey-helper.service, otherwise end wardkey-helper listen."; fi
	@if [ -z "$(DESTDIR)" ] && [ -d /run/systemd/system ] && [ -e $(UNITDIR)/wardkey-watch.path ]; then \
	    systemctl disable --quiet --now wardkey-watch.path wardkey-put-back.service || true; \
	fi
	@if [ -z "$(DESTDIR)" ] && [ -d /run/systemd/system ] && [ -e $(UNITDIR)/wardkey-verifier.service ]; then \
	    systemctl disable --quiet --now wardkey-verifier.service || true; \
	fi
	@rm -f $(DESTDIR)$(VERIFIER) $(DESTDIR)$(UNITDIR)/wardkey-verifier.service $(DESTDIR)$(UNITDIR)/wardkey-helper.service.d/verifier.conf \
	    $(DESTDIR)$(SYSUSERSDIR)/wardkey-verifier.conf $(DESTDIR)$(TMPFILESDIR)/wardkey-verifier.conf
	@rmdir $(DESTDIR)$(UNITDIR)/wardkey-helper.service.d 2>/dev/null || true
	@rm -f $(DESTDIR)$(PAMDIR)/pam_wardkey.so $(DESTDIR)$(PREFIX)/bin/wardkey $(DESTDIR)$(HELPER)
	@rmdir $(DESTDIR)$(dir $(HELPER)) 2>/dev/null || true
	@rm -f $(foreach unit,$(UNITS),$(DESTDIR)$(UNITDIR)/$(notdir $(unit))) $(DESTDIR)$(UNITDIR)/wardkey-helper@.service
	@[ -n "$(DESTDIR)" ] || [ ! -d /run/systemd/system ] || systemctl daemon-reload || true
	@rm -f $(DESTDIR)$(BASHDIR)/wardkey $(DESTDIR)$(ZSHDIR)/_wardkey $(DESTDIR)$(FISHDIR)/wardkey.fish
	@[ -z "$(PROFILES)" ] || rm -f $(DESTDIR)$(PROFILES)/wardkey
	@for page in $(MAN_PAGES); do rm -f $(DESTDIR)$(MANDIR)/$(MAN_PLACE); done
	@rm -rf $(DESTDIR)$(DOCDIR)
	@echo "Left in place:"
	@echo "  $(DESTDIR)$(SYSCONFDIR)/wardkey, $(DESTDIR)$(SYSCONFDIR)/pam.d/wardkey: configuration and sealing key"
	@echo "  the state directory and the audit file that the configuration names (/var/lib/wardkey, /var/log/wardkey)"
	@for file in $(DESTDIR)$(SYSCONFDIR)/ssh/sshd_config.d/*wardkey*; do [ ! -e "$$file" ] || \
	    echo "  $$file: with it a key alone still opens no login by ssh. Take it out, then: systemctl reload ssh"; done

clean: ## removes what was built
	$(CARGO) clean

##@ To contribute
check: ## rustfmt, clippy and documentation, warnings denied
	@$(NEED_RUST) rustfmt clippy
	@packaging/need-packages packaging/build-packages.txt
	$(CARGO) fmt --all --check
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings
	$(CARGO) clippy --workspace --test greeters --test packages --test neighbours --test fleet --locked -- -D warnings # not default targets
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --document-private-items --locked

test: ## installs what the tests need, runs all of them, and lists the promises they show
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt tests/packages.txt || { $(TEST_ROOT); false; }
	@$(TEST_ROOT)
	@$(MAKE) --no-print-directory build
	@$(CARGO) build --release --locked --quiet -p wardkey-tests --bin steady # what it watches is built as the module is
	@$(CARGO) fetch --locked # of every platform: one test reads all licences, without network
	@RUST_TEST_THREADS=$${RUST_TEST_THREADS:-6} .ci/tally sh -c '$(CARGO) test --workspace --locked --no-fail-fast; \
	    status=$$?; $(CARGO_TARGET_DIR)/debug/promises && exit $$status'

fuzz: ## coverage-guided fuzzing: ten minutes a target, or FUZZ_SECONDS=; ONLY="TARGET..."
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt fuzz/packages.txt || { $(FUZZ_ROOT); false; }
	@$(FUZZ_ROOT)
	@CARGO="$(CARGO)" fuzz/run $(ONLY)

libpam: ## what `wardkey doctor` knows of PAM, held against Debian 13's libpam too (downloads it)
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt tests/packages.txt || { $(TEST_ROOT); false; }
	@$(TEST_ROOT)
	@$(MAKE) --no-print-directory build
	WARDKEY_LIBPAM=$$(tests/libpam-of trixie $(CARGO_TARGET_DIR)/libpam) \
	    $(CARGO) test --locked -p wardkey-tests --test tests -- pam_stack::

trixie: ## `wardkey enable` in booted machines with Debian 13 (downloads it; minutes; ONLY="enabling_sshd::")
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt tests/packages.txt tests/trixie-packages.txt || { $(TRIXIE_ROOT); false; }
	@$(TRIXIE_ROOT)
	@$(MAKE) --no-print-directory build
	WARDKEY_ROOT=$$(tests/debian trixie $(CARGO_TARGET_DIR)/debian-13 $(BARE) $(LOCKERS_TOO)) \
	    $(CARGO) test --locked -p wardkey-tests --test tests -- --test-threads=2 \
	    $(or $(ONLY),enabling_sshd:: enabling_automation:: enabling_booted:: enabling_commands::)

packages-test: ## the Debian package on Debian 12 and 13, 48 cases each (downloads both; half an hour; RELEASE=trixie ONLY="purge")
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt tests/packages.txt tests/package-packages.txt || { $(PACKAGES_ROOT); false; }
	@$(PACKAGES_ROOT)
	@$(if $(WARDKEY_DEB),,$(MAKE) --no-print-directory deb)
	@$(CARGO) build --locked --quiet -p wardkey-tests --bin package_cases
	@export WARDKEY_DEB=$$(ls $(or $(WARDKEY_DEB),$(CARGO_TARGET_DIR)/deb/wardkey_*.deb)); \
	for release in $(or $(RELEASE),bookworm trixie); do \
	    WARDKEY_ROOT=$$(tests/debian $$release $(CARGO_TARGET_DIR)/bare-$$release $(BARE)) && export WARDKEY_ROOT && \
	        $(CARGO_TARGET_DIR)/debug/package_cases "$(ONLY)" || exit 1; \
	done
	$(if $(RELEASE)$(ONLY),,WARDKEY_DEB=$$(ls $(or $(WARDKEY_DEB),$(CARGO_TARGET_DIR)/deb/wardkey_*.deb)) \
	    $(CARGO) test --locked -p wardkey-tests --test packages -- --test-threads=1)

piuparts: ## what a purged package leaves on a bare Debian 12 and 13 (downloads them; minutes)
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt packaging/piuparts-packages.txt
	@$(PIUPARTS_ROOT)
	@$(MAKE) --no-print-directory deb
	@packaging/piuparts $(CARGO_TARGET_DIR)/piuparts $$(ls $(CARGO_TARGET_DIR)/deb/wardkey_*.deb)

deb-twice: ## whether two builds of the package in two folders are alike, byte for byte (a quarter of an hour)
	@$(MAKE) --no-print-directory deb
	@rm -rf $(CARGO_TARGET_DIR)/deb/again
	@packaging/deb again
	cmp $(CARGO_TARGET_DIR)/deb/wardkey_*.deb $(CARGO_TARGET_DIR)/deb/again/wardkey_*.deb

rpm: ## the RPM, a preview, in $CARGO_TARGET_DIR/rpm
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt packaging/man-packages.txt
	@packaging/rpm/build

rpm-test: ## what is in the RPM, and what rpm does with it in a root of its own (minutes)
	@packaging/need-packages tests/rpm-packages.txt || { $(RPM_ROOT); false; }
	@$(RPM_ROOT)
	@$(MAKE) --no-print-directory rpm
	@packaging/rpm/test

selinux: ## compiles the SELinux module, and asks what it allows (a minute)
	@packaging/need-packages packaging/selinux-packages.txt
	@packaging/selinux/ask $(CARGO_TARGET_DIR)/selinux

copyright: ## debian/copyright again, after a change of Cargo.lock
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt
	@$(CARGO) fetch --locked
	@mkdir -p $(BUILT)
	$(CARGO) run --locked --quiet -p wardkey-tests --bin copyright >$(BUILT)/copyright
	@mv $(BUILT)/copyright debian/copyright

greeters: ## GDM, GNOME's lock screen, SDDM and KDE's locker, real and in booted machines (minutes; ONLY="sddm")
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt tests/packages.txt tests/greeters-packages.txt || { $(GREETERS_ROOT); false; }
	@$(GREETERS_ROOT)
	@$(MAKE) --no-print-directory build
	@$(CARGO) build --locked --quiet -p wardkey-tests
	$(CARGO) test --locked -p wardkey-tests --test greeters $(if $(ONLY),"$(ONLY)") -- --test-threads=1

neighbours: ## this version beside the one before it, which is built once (minutes; ONLY="number")
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt tests/packages.txt || { $(NEIGHBOURS_ROOT); false; }
	@$(NEIGHBOURS_ROOT)
	@$(MAKE) --no-print-directory build
	@$(CARGO) build --locked --quiet -p wardkey-tests
	previous=$$(CARGO="$(CARGO)" tests/previous $(CARGO_TARGET_DIR)/previous) && WARDKEY_PREVIOUS=$$previous \
	    $(CARGO) test --locked -p wardkey-tests --test neighbours $(if $(ONLY),"$(ONLY)") -- --test-threads=1 --nocapture

fleet: ## the clinic's verifier killed, without room, and asked by many seats (minutes; ONLY="kill")
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt tests/packages.txt || { $(TEST_ROOT); false; }
	@$(TEST_ROOT)
	@$(MAKE) --no-print-directory build
	@$(CARGO) build --locked --quiet -p wardkey-tests
	$(CARGO) test --locked -p wardkey-tests --test fleet $(if $(ONLY),"$(ONLY)") -- --test-threads=2

faults: ## every system call of logins, helper and commands failing in turn (an hour; less with ONLY="login: right")
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt tests/packages.txt || { $(TEST_ROOT); false; }
	@$(TEST_ROOT)
	@$(MAKE) --no-print-directory build
	$(CARGO) build --locked -p wardkey-tests
	@$(CARGO_TARGET_DIR)/debug/faults $(if $(ONLY),"$(ONLY)")
	$(if $(ONLY),,WARDKEY_EVERY_CALL=1 $(CARGO) test --locked -p wardkey-tests --test tests -- $(EVERY_CALL))

planted: ## 40 faults while services are switched on, in booted machines with restarts (minutes; ONLY="restart")
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt tests/packages.txt || { $(PLANTED_ROOT); false; }
	@$(PLANTED_ROOT)
	@$(MAKE) --no-print-directory build
	$(CARGO) build --locked -p wardkey-tests
	@$(CARGO_TARGET_DIR)/debug/planted $(if $(ONLY),"$(ONLY)")

model: ## the record's protocol explored further than the tests do (minutes, some GiB of memory)
	@$(NEED_RUST)
	$(CARGO) run --release --locked -p wardkey-model --bin explore

timing: ## whether comparing and reading secrets takes the same time whatever they are
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt
	$(CARGO) build --release --locked -p wardkey-tests --bin steady
	@$(BUILT)/steady time

hot-functions: ## lists again what the linker puts side by side, after a change of what a login runs
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt tests/packages.txt || { $(TEST_ROOT); false; }
	@$(TEST_ROOT)
	CARGO_PROFILE_RELEASE_STRIP=none $(CARGO) rustc --release --locked -p pam_wardkey --lib --crate-type cdylib
	$(CARGO) build --release --locked -p wardkey -p wardkey-helper
	$(CARGO) run --locked -p wardkey-tests --bin hot_functions >$(BUILT)/hot-functions
	@mv $(BUILT)/hot-functions pam_module/hot-functions
	@$(MAKE) --no-print-directory build

mutants: ## changes what decides, one place at a time, and counts what no test notices (an hour or two)
	@$(NEED_RUST) mutants nextest
	CARGO_PROFILE_DEV_DEBUG=none CARGO_TARGET_DIR=$(CARGO_TARGET_DIR)/mutants NEXTEST_PROFILE=mutants \
	    $(CARGO) mutants --test-tool nextest --output $(CARGO_TARGET_DIR) $(MUTANTS)

coverage: ## how much of the product the tests reach, and why not the rest (half an hour; REPORT=1: of the last run)
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt tests/packages.txt || { $(COVERAGE_ROOT); false; }
	@$(COVERAGE_ROOT)
	@tests/coverage/run

bench: ## one login measured beside other modules (a quarter of an hour; QUICK=1 FULL=1 ONLY= PUBLISH=1: docs/benchmarks.md)
	@$(NEED_RUST)
	@packaging/need-packages packaging/build-packages.txt bench/packages.txt || { $(BENCH_ROOT); false; }
	@$(BENCH_ROOT)
	@$(MAKE) --no-print-directory build
	$(CARGO) build --release --locked -p wardkey-bench
	$(CC) -O2 -Wall -Wextra -rdynamic -o $(BUILT)/bench-login bench/login.c -lpam -ldl
	$(CC) -O2 -Wall -Wextra -shared -fPIC -o $(BUILT)/pam_same_calls.so bench/same_calls.c -lpam
	$(CC) -O2 -Wall -Wextra -o $(BUILT)/bench-pages bench/pages.c
	@bench/run $(BUILT)/bench-login $(BUILT)/wardkey-bench --module $(BUILT)/libpam_wardkey.so \
	    --pages $(BUILT)/bench-pages --same-calls $(BUILT)/pam_same_calls.so --helper $(BUILT)/wardkey-helper --config config/wardkey.toml --out $(CARGO_TARGET_DIR)/bench $(if $(QUICK),--quick) $(if $(FULL),--full) $(if $(ONLY),--only "$(ONLY)")
	$(if $(PUBLISH),bench/publish $(CARGO_TARGET_DIR)/bench docs/benchmarks.md)
