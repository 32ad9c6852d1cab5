/* How a file lies in the page cache: page by page, or in large folios, of which one fault maps more.
 * bench-pages copy FROM TO: copies as a linker writes, through a mapping: the copy lies page by page.
 * bench-pages look FILE: prints how many of the file's pages lie in large folios, and how many it has. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define COMPOUND (3ull << 15)            /* KPF_COMPOUND_HEAD, KPF_COMPOUND_TAIL: linux/kernel-page-flags.h */
#define FRAME ((1ull << 55) - 1)         /* of an entry of /proc/self/pagemap */

static int copy(int from, size_t length, const char *to)
{
    int file = open(to, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
    if (file < 0 || ftruncate(file, (off_t)length))
        return 1;
    char *source = mmap(NULL, length, PROT_READ, MAP_SHARED, from, 0);
    char *copy = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (source == MAP_FAILED || copy == MAP_FAILED)
        return 1;
    memcpy(copy, source, length);
    return msync(copy, length, MS_SYNC) != 0;
}

static int look(int file, size_t length)
{
    size_t size = (size_t)sysconf(_SC_PAGESIZE), pages = (length + size - 1) / size, large = 0;
    int map = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC), flags = open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
    volatile char *text = mmap(NULL, length, PROT_READ, MAP_SHARED, file, 0);
    if (map < 0 || flags < 0 || text == MAP_FAILED)
        return 1;
    for (size_t page = 0; page < pages; page++) {
        uint64_t entry, flag;
        (void)text[page * size];
        uintptr_t number = (uintptr_t)text / size + page;
        if (pread(map, &entry, 8, (off_t)(number * 8)) != 8 || pread(flags, &flag, 8, (off_t)((entry & FRAME) * 8)) != 8)
            return 1;
        large += (flag & COMPOUND) != 0;
    }
    printf("%zu %zu\n", large, pages);
    return 0;
}

int main(int count, char **arguments)
{
    struct stat status;
    int file = count < 3 ? -1 : open(arguments[2], O_RDONLY | O_CLOEXEC);
    if (file < 0 || fstat(file, &status))
        return 2;
    size_t length = (size_t)status.st_size;
    if (count == 4 && strcmp(arguments[1], "copy") == 0)
        return copy(file, length, arguments[3]);
    return count == 3 && strcmp(arguments[1], "look") == 0 ? look(file, length) : 2;
}
