/* What every test includes: cmocka with its own needs, and checks in our words. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/base/err.h"
#include "common/base/str.h"

#define check(condition) assert_true(condition)
#define check_int(actual, expected) assert_int_equal((actual), (expected))
#define check_text(actual, expected) check_text_at((actual), (expected), __FILE__, __LINE__)
#define check_ok(call) check_ok_at((call), &err, #call, __FILE__, __LINE__) /* with `Err err` in scope */
#define check_status(call, expected) check_status_at((call), (expected), &err, #call, __FILE__, __LINE__)
#define check_contains(text, part) check_contains_at((text), (part), __FILE__, __LINE__)

void check_text_at(Str actual, const char *expected, const char *file, int line);
void check_contains_at(const char *text, const char *part, const char *file, int line);
void check_ok_at(Status status, const Err *err, const char *call, const char *file, int line);
void check_status_at(Status status, Status expected, const Err *err, const char *call, const char *file,
                     int line);

/* A folder of this test alone, removed with everything in it by the cleanup: AUTO(test_dir_remove) TestDir
 * dir = … */
typedef struct TestDir {
    char path[64];
} TestDir;

TestDir test_dir_new(void);
void test_dir_remove(TestDir *dir);
const char *test_path(Arena *arena, const TestDir *dir, const char *name);
