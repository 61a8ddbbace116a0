#include "tests/harness/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/base/file.h"
#include "common/base/log.h"

typedef struct World {
    Arena *arena;
    TestDir dir;
} World;

static int set_up(void **state) {
    World *world = malloc(sizeof(*world));
    *world = (World){arena_open(), test_dir_new()};
    *state = world;
    return 0;
}

static int tear_down(void **state) {
    World *world = *state;
    arena_close(world->arena);
    test_dir_remove(&world->dir);
    free(world);
    return 0;
}

static mode_t mode_of(const char *path) {
    struct stat info;
    check_int(stat(path, &info), 0);
    return info.st_mode & 0777;
}

static size_t count_files(World *world) {
    Err err;
    const char **names;
    size_t count;
    check_ok(dir_list(world->arena, world->dir.path, 100, &names, &count, &err));
    return count;
}

static void what_was_written_is_read(void **state) {
    World *world = *state;
    Err err;
    Str content;
    const char *path = test_path(world->arena, &world->dir, "lamp");
    check_ok(file_write(path, (Str){"a\0b\n", 4}, 0600, &err));
    check_ok(file_read(world->arena, path, 4, &content, &err));
    check(str_equal(content, (Str){"a\0b\n", 4}));
    check_int(mode_of(path), 0600);
    check_ok(file_write(path, STR(""), 0644, &err));
    check_int(mode_of(path), 0644);
    check_ok(file_read(world->arena, path, 0, &content, &err));
    check_text(content, "");
    check_int(count_files(world), 1);
}

static void a_file_has_a_largest_size(void **state) {
    World *world = *state;
    Err err;
    Str content;
    const char *path = test_path(world->arena, &world->dir, "lamp");
    check_ok(file_write(path, STR("12345"), 0600, &err));
    check_status(file_read(world->arena, path, 4, &content, &err), E_TOOBIG);
    check_contains(err.text, "lamp is larger than 4 bytes");
    check_ok(file_read(world->arena, path, 5, &content, &err));
    check_ok(file_read(world->arena, "/proc/self/stat", 4096, &content, &err)); /* says its size is 0 */
    check(content.len > 0);
}

static void what_cannot_be_done_is_said(void **state) {
    World *world = *state;
    Err err;
    Str content;
    const char *path = test_path(world->arena, &world->dir, "no/lamp");
    check_status(file_read(world->arena, path, 10, &content, &err), E_NOTFOUND);
    check_status(file_write(path, STR("x"), 0600, &err), E_NOTFOUND);
    check_contains(err.text, "no/lamp");
    check_status(file_read(world->arena, world->dir.path, 10, &content, &err), E_IO);
    const char **names;
    size_t count;
    check_status(dir_list(world->arena, path, 10, &names, &count, &err), E_NOTFOUND);
}

/* A folder where the file should be: the rename fails after everything was written beside. */
static void a_failed_write_leaves_nothing_behind(void **state) {
    World *world = *state;
    Err err;
    const char *path = test_path(world->arena, &world->dir, "lamp");
    check_ok(dir_make(path, 0700, &err));
    check(file_write(path, STR("x"), 0600, &err) != OK);
    check_int(count_files(world), 1);
    check(path_is_dir(path));
}

static void folders_are_made_with_their_parents(void **state) {
    World *world = *state;
    Err err;
    const char *path = test_path(world->arena, &world->dir, "a/b/c");
    check_ok(dir_make(path, 0700, &err));
    check(path_is_dir(path));
    check_int(mode_of(path), 0700);
    check_ok(dir_make(path, 0700, &err));
    check_ok(dir_make(test_path(world->arena, &world->dir, "a/d/"), 0700, &err));
    const char *file = test_path(world->arena, &world->dir, "file");
    check_ok(file_write(file, STR("x"), 0600, &err));
    check(file_exists(file) && !path_is_dir(file) && !file_exists(test_path(world->arena, &world->dir, "z")));
    check(dir_make(file, 0700, &err) != OK);
    check(dir_make(test_path(world->arena, &world->dir, "file/x"), 0700, &err) != OK);
}

static void names_are_sorted_by_bytes(void **state) {
    World *world = *state;
    Err err;
    const char *const made[] = {"b", "é", ".hidden", "a", "B"}, *const sorted[] = {".hidden", "B", "a", "b",
                                                                                   "é"};
    for (size_t i = 0; i < COUNT(made); i++)
        check_ok(file_write(test_path(world->arena, &world->dir, made[i]), STR(""), 0600, &err));
    const char **names;
    size_t count;
    check_ok(dir_list(world->arena, world->dir.path, COUNT(made), &names, &count, &err));
    check_int(count, COUNT(sorted));
    for (size_t i = 0; i < count; i++) check_text(str_of(names[i]), sorted[i]);
    check_status(dir_list(world->arena, world->dir.path, COUNT(made) - 1, &names, &count, &err), E_LIMIT);
}

static void paths_are_joined(void **state) {
    World *world = *state;
    check_text(str_of(path_join(world->arena, "a", "b")), "a/b");
    check_text(str_of(path_join(world->arena, "a/", "b")), "a/b");
    check_text(str_of(path_join(world->arena, "/", "b")), "/b");
}

static void assets_are_found(void **state) {
    World *world = *state;
    unsetenv("RELAIS_ASSETS");
    check(path_is_dir(assets_path(world->arena, "content")));
    setenv("RELAIS_ASSETS", "/elsewhere", 1);
    check_text(str_of(assets_path(world->arena, "icons")), "/elsewhere/icons");
    unsetenv("RELAIS_ASSETS");
}

/* What log_line writes while `write` runs, from a file in place of standard error. */
static Str logged(World *world, void (*write_lines)(void)) {
    Err err;
    Str content;
    const char *path = test_path(world->arena, &world->dir, "log");
    fflush(stderr);
    int kept = dup(STDERR_FILENO);
    check(freopen(path, "w", stderr) != NULL);
    write_lines();
    fflush(stderr);
    check(dup2(kept, STDERR_FILENO) >= 0);
    close(kept);
    check_ok(file_read(world->arena, path, 1 << 16, &content, &err));
    return content;
}

static void log_some(void) {
    log_set_level(LOG_WARNING);
    log_error("first %d\nnot a second\x1b[2J", 1);
    log_info("not shown");
    log_warning("%0*d", 5000, 1);
    log_set_level(LOG_INFO);
}

static void a_log_line_is_one_line(void **state) {
    World *world = *state;
    Str rest = logged(world, log_some), line;
    check(str_cut(&rest, '\n', &line));
    check(line.at[4] == '-' && line.at[10] == 'T' && line.at[19] == 'Z');
    check_text(str_skip(line, 20), " error first 1 not a second [2J");
    check(str_cut(&rest, '\n', &line));
    check(str_starts(str_skip(line, 20), STR(" warning 000")));
    check(line.len < 1024);
    check_text(rest, "");
    LogLevel level = LOG_INFO;
    check(log_level_from_name("debug", &level));
    check_int(level, LOG_DEBUG);
    check(!log_level_from_name("loud", &level));
}

#define with_world(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        with_world(what_was_written_is_read),
        with_world(a_file_has_a_largest_size),
        with_world(what_cannot_be_done_is_said),
        with_world(a_failed_write_leaves_nothing_behind),
        with_world(folders_are_made_with_their_parents),
        with_world(names_are_sorted_by_bytes),
        with_world(paths_are_joined),
        with_world(assets_are_found),
        with_world(a_log_line_is_one_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
