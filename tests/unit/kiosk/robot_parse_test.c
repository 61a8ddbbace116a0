#include "kiosk/app/robot.h"
#include "tests/harness/check.h"

static RobotCommand one(Arena *arena, const char *line) {
    RobotCommand *commands = NULL;
    size_t count = 0;
    Err err = {0};
    check_ok(robot_parse(arena, str_of(line), "x", &commands, &count, &err));
    check_int(count, 1);
    return commands[0];
}

static void every_command_is_read(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    check_int(one(arena, "tap \"Me former\"   # a comment").verb, ROBOT_TAP);
    check_text(one(arena, "tap \"dit \\\"oui\\\"\"").text, "dit \"oui\"");
    RobotCommand at = one(arena, "tap 960 540");
    check_int(at.verb, ROBOT_TAP_AT);
    check_int(at.number[1], 540);
    check_int(one(arena, "swipe 1 2 3 4").number[3], 4);
    check_text(one(arena, "type \"réunion\"").text, "réunion");
    check_text(one(arena, "badge 0013748911").text, "0013748911");
    check_int(one(arena, "wait 1500").number[0], 1500);
    check_int(one(arena, "sync 5000").verb, ROBOT_SYNC);
    check_text(one(arena, "await 5000 \"confirmé\"").text, "confirmé");
    check_int(one(arena, "expect-not \"x\"").verb, ROBOT_EXPECT_NOT);
    check_text(one(arena, "shot shots/event.png").text, "shots/event.png");
    RobotCommand note = one(arena, "note kept.txt \"alpha\"");
    check_text(note.path, "kept.txt");
    check_text(note.text, "alpha");
    check_int(one(arena, "quit").verb, ROBOT_QUIT);
}

static void lines_are_counted_with_comments(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    RobotCommand *commands = NULL;
    size_t count = 0;
    Err err = {0};
    check_ok(robot_parse(arena, STR("# first\n\n  wait 1\n#\nquit\n"), "x", &commands, &count, &err));
    check_int(count, 2);
    check_int(commands[0].line, 3);
    check_int(commands[1].line, 5);
}

static void mistakes_name_file_and_line(void **state) {
    (void)state;
    const char *wrong[] = {"jump",        "tap",   "tap \"open", "tap 1",    "wait soon",
                           "swipe 1 2 3", "badge", "wait 1 2",   "expect x", "quit now",
                           "tap \"a\" b", "sync",  "note",       "note x",   "note \"x\""};
    for (size_t i = 0; i < COUNT(wrong); i++) {
        AUTO(arena_close_auto) Arena *arena = arena_open();
        RobotCommand *commands = NULL;
        size_t count = 0;
        Err err = {0};
        Str script = str_print(arena, "wait 1\n%s\n", wrong[i]);
        check_status(robot_parse(arena, script, "story.robot", &commands, &count, &err), E_INVALID);
        check_contains(err.text, "story.robot:2: ");
    }
}

static void add(DisplayList *list, ItemType type, const char *text, int y) {
    display_list_add(
        list,
        (Item){.type = type, .rect = {0, y, 100, 40}, .clip = {0, 0, 1000, 1000}, .text = str_of(text)});
}

static void labels_match_as_whole_words(void **state) {
    (void)state;
    AUTO(arena_close_auto) Arena *arena = arena_open();
    DisplayList list;
    display_list_begin(&list, arena, 0);
    add(&list, ITEM_TARGET, "Terminer (10\u00a0s)", 0);
    add(&list, ITEM_TARGET, "Qui m’aide\u202f?", 100);
    add(&list, ITEM_TARGET, "Listes", 200);
    add(&list, ITEM_TEXT, "Liste d’attente", 300);
    int x = 0, y = 0;
    check(robot_find(&list, STR("Qui m'aide ?"), &x, &y));
    check_int(y, 120);
    check(robot_find(&list, STR("Terminer"), &x, &y));
    check_int(y, 20);
    check(robot_find(&list, STR("Liste"), &x, &y)); /* not the target « Listes » */
    check_int(y, 320);
    check(!robot_find(&list, STR("ermine"), &x, &y));
    check(robot_find(&list, STR("Je m'inscris|Terminer|Listes"), &x, &y)); /* the first that is there */
    check_int(y, 20);
    check(!robot_find(&list, STR(""), &x, &y));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_command_is_read),
        cmocka_unit_test(lines_are_counted_with_comments),
        cmocka_unit_test(mistakes_name_file_and_line),
        cmocka_unit_test(labels_match_as_whole_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
