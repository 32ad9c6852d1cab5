/* Where instrumented files write what ran of them. sshd, sudo and su clean the environment, so LLVM_PROFILE_FILE does not
   reach the module that they load: the place is built in. %p: process. %m: file; a copy of a process adds its counts to
   those of the process that it was made from.
   LLVM's runtime begins by setting a variable of its own. It is taken out again: the helper restarts itself until its
   environment is empty. The linker puts this file last, so its constructor runs after the runtime's. */
#include <stdlib.h>

void __llvm_profile_set_filename(const char *);

__attribute__((constructor)) static void say_where(void)
{
    __llvm_profile_set_filename(PROFILES "/%p-%m.profraw");
    unsetenv("__LLVM_PROFILE_RT_INIT_ONCE");
}
