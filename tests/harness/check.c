#include "tests/harness/check.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/base/file.h"

void check_text_at(Str actual, const char *expected, const char *file, int line) {
    if (str_is(actual, expected)) return;
    print_error("expected \"%s\"\n     got ", expected ? expected : "(absent)");
    print_error(actual.at ? "\"%.*s\"\n" : "(absent)%.*s\n", STR_FORMAT(actual));
    _fail(file, line);
}

void check_contains_at(const char *text, const char *part, const char *file, int line) {
    if (text && strstr(text, part)) return;
    print_error("\"%s\" is not in \"%s\"\n", part, text ? text : "(absent)");
    _fail(file, line);
}

void check_ok_at(Status status, const Err *err, const char *call, const char *file, int line) {
    if (status == OK) return;
    print_error("%s: %s: %s\n", call, status_name(status), err->text);
    _fail(file, line);
}

void check_status_at(Status status, Status expected, const Err *err, const char *call, const char *file,
                     int line) {
    if (status == expected) return;
    print_error("%s: expected %s, got %s: %s\n", call, status_name(expected), status_name(status),
                status == OK ? "" : err->text);
    _fail(file, line);
}

TestDir test_dir_new(void) {
    const char *parent = getenv("TMPDIR");
    TestDir dir;
    int len = snprintf(dir.path, sizeof(dir.path), "%s/relais-test.XXXXXX", parent ? parent : "/tmp");
    assert_true(len > 0 && (size_t)len < sizeof(dir.path));
    assert_non_null(mkdtemp(dir.path));
    return dir;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk) {
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

void test_dir_remove(TestDir *dir) {
    enum { DESCRIPTORS = 16 };
    if (dir->path[0]) nftw(dir->path, remove_one, DESCRIPTORS, FTW_DEPTH | FTW_PHYS);
    dir->path[0] = '\0';
}

const char *test_path(Arena *arena, const TestDir *dir, const char *name) {
    return path_join(arena, dir->path, name);
}
