/* Where instrumented files write what ran of them. sshd, sudo and su clean the environment, so LLVM_PROFILE_FILE does not
   reach the module that they load: this replaces the default that is built into LLVM's runtime.
   %p: process. %m: file; a copy of a process adds its counts to those of the process it was made from. */
const char __llvm_profile_filename[] = PROFILES "/%p-%m.profraw";
