#include "kiosk/app/robot.h"

typedef enum RobotArgs {
    ARGS_NONE,
    ARGS_TEXT,
    ARGS_NUMBER,
    ARGS_NUMBER_TEXT,
    ARGS_FOUR,
    ARGS_TEXT_OR_TWO,
    ARGS_WORD,
    ARGS_WORD_TEXT
} RobotArgs;

static const struct {
    const char *word;
    RobotVerb verb;
    RobotArgs args;
} verbs[] = {
    {"tap", ROBOT_TAP, ARGS_TEXT_OR_TWO}, {"hold", ROBOT_HOLD, ARGS_TEXT},
    {"swipe", ROBOT_SWIPE, ARGS_FOUR},    {"type", ROBOT_TYPE, ARGS_TEXT},
    {"badge", ROBOT_BADGE, ARGS_WORD},    {"wait", ROBOT_WAIT, ARGS_NUMBER},
    {"sync", ROBOT_SYNC, ARGS_NUMBER},    {"await", ROBOT_AWAIT, ARGS_NUMBER_TEXT},
    {"expect", ROBOT_EXPECT, ARGS_TEXT},  {"expect-not", ROBOT_EXPECT_NOT, ARGS_TEXT},
    {"shot", ROBOT_SHOT, ARGS_WORD},      {"dump", ROBOT_DUMP, ARGS_WORD},
    {"note", ROBOT_NOTE, ARGS_WORD_TEXT}, {"quit", ROBOT_QUIT, ARGS_NONE},
};

/* "…" with \" and \\ inside; what follows must be empty or a comment. */
static bool take_quoted(Arena *arena, Str *rest, Str *out) {
    *rest = str_trim(*rest);
    if (!rest->len || rest->at[0] != '"') return false;
    AUTO(buf_free) Buf text = buf_new(4000);
    for (size_t i = 1; i < rest->len; i++) {
        char byte = rest->at[i];
        if (byte == '"') {
            *out = str_copy(arena, buf_str(&text));
            *rest = str_trim(str_skip(*rest, i + 1));
            return !text.over;
        }
        if (byte == '\\' && i + 1 < rest->len) byte = rest->at[++i];
        buf_add_byte(&text, byte);
    }
    return false;
}

static bool take_word(Str *rest, Str *out) {
    *rest = str_trim(*rest);
    size_t length = 0;
    while (length < rest->len && rest->at[length] != ' ' && rest->at[length] != '\t') length++;
    *out = str_first(*rest, length);
    *rest = str_trim(str_skip(*rest, length));
    return length > 0 && out->at[0] != '#';
}

static bool take_numbers(Str *rest, int64_t *out, int count) {
    for (int i = 0; i < count; i++) {
        Str word = {0};
        if (!take_word(rest, &word) || !str_to_int(word, &out[i])) return false;
    }
    return true;
}

static bool take_args(Arena *arena, RobotArgs args, Str *rest, RobotCommand *command) {
    switch (args) {
    case ARGS_NONE:
        return true;
    case ARGS_TEXT:
        return take_quoted(arena, rest, &command->text);
    case ARGS_WORD:
        return take_word(rest, &command->text);
    case ARGS_WORD_TEXT:
        return take_word(rest, &command->path) && take_quoted(arena, rest, &command->text);
    case ARGS_NUMBER:
        return take_numbers(rest, command->number, 1);
    case ARGS_NUMBER_TEXT:
        return take_numbers(rest, command->number, 1) && take_quoted(arena, rest, &command->text);
    case ARGS_FOUR:
        return take_numbers(rest, command->number, 4);
    case ARGS_TEXT_OR_TWO:
        break;
    }
    if (rest->len && rest->at[0] == '"') return take_quoted(arena, rest, &command->text);
    command->verb = ROBOT_TAP_AT;
    return take_numbers(rest, command->number, 2);
}

static Status parse_line(Arena *arena, Str line, const char *name, RobotCommand *out, Err *err) {
    Str word = {0}, rest = line;
    (void)take_word(&rest, &word);
    for (size_t i = 0; i < COUNT(verbs); i++) {
        if (!str_is(word, verbs[i].word)) continue;
        out->verb = verbs[i].verb;
        if (!take_args(arena, verbs[i].args, &rest, out) || (rest.len && rest.at[0] != '#'))
            return err_set(err, E_INVALID, "%s:%d: `%.*s` is not complete, or has too much behind it", name,
                           out->line, STR_FORMAT(line));
        return OK;
    }
    return err_set(err, E_INVALID, "%s:%d: there is no command `%.*s`", name, out->line, STR_FORMAT(word));
}

Status robot_parse(Arena *arena, Str script, const char *name, RobotCommand **out, size_t *count, Err *err) {
    size_t lines = 1, found = 0;
    for (size_t i = 0; i < script.len; i++) lines += script.at[i] == '\n';
    RobotCommand *commands = ARENA_ARRAY(arena, RobotCommand, lines);
    Str line = {0};
    for (int number = 1; str_cut(&script, '\n', &line); number++) {
        line = str_trim(line);
        if (!line.len || line.at[0] == '#') continue;
        commands[found].line = number;
        TRY(parse_line(arena, line, name, &commands[found], err));
        found++;
    }
    *out = commands;
    *count = found;
    return OK;
}
