#include "kiosk/i18n/i18n.h"

#include "common/base/file.h"

#include <assert.h>
#include <string.h>

enum { FORM_ZERO, FORM_ONE, FORM_OTHER, FORM_COUNT };

struct I18n {
    Arena *arena;
    Str text[LANG_COUNT][MESSAGE_COUNT][FORM_COUNT];
};

typedef struct MessageInfo {
    const char *name, *args;
} MessageInfo;

#define MESSAGE_ROW(id, args) {#id, args},
static const MessageInfo messages[] = {MESSAGES(MESSAGE_ROW)};
static const char *const languages[LANG_COUNT] = {"fr", "en"};
static const char *const forms[FORM_COUNT] = {"zero", "one", "other"};

const char *lang_code(Lang lang) {
    return languages[lang];
}

bool lang_of(Str code, Lang *out) {
    for (size_t i = 0; i < COUNT(languages); i++)
        if (str_is(code, languages[i])) return *out = (Lang)i, true;
    return false;
}

const char *message_name(Message message) {
    return messages[message].name;
}

Str i18n_raw(const I18n *i18n, Lang lang, Message message, int form) {
    return i18n->text[lang][message][form];
}

/* ---- reading a file: key = text, key.one = text, # comments ---- */

static bool find_message(Str key, Message *out) {
    for (size_t i = 0; i < COUNT(messages); i++)
        if (str_is(key, messages[i].name)) return *out = (Message)i, true;
    return false;
}

static bool find_form(Str name, int *out) {
    for (int i = 0; i < FORM_COUNT; i++)
        if (str_is(name, forms[i])) return *out = i, true;
    return false;
}

/* Quotes around a text keep its spaces. */
static Str unquote(Str text) {
    bool quoted = text.len >= 2 && text.at[0] == '"' && text.at[text.len - 1] == '"';
    return quoted ? (Str){text.at + 1, text.len - 2} : text;
}

/* Each {n} must be an argument of the message. */
static bool placeholders_fit(Str text, const char *args) {
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '{') continue;
        if (i + 2 >= text.len || text.at[i + 2] != '}') return false;
        int index = text.at[i + 1] - '0';
        if (index < 0 || (size_t)index >= strlen(args)) return false;
    }
    return true;
}

static Status take_line(I18n *i18n, Lang lang, Str line, int line_number, Err *err) {
    Str key = {0};
    Str rest = line;
    if (!str_cut(&rest, '=', &key) || !rest.at)
        return err_set(err, E_INVALID, "%s.ini:%d: not `key = text`", languages[lang], line_number);
    Str form_name = str_trim(key);
    Str name = {0};
    (void)str_cut(&form_name, '.', &name);
    int form = FORM_OTHER;
    Message message = MESSAGE_COUNT;
    if (!find_message(name, &message) || (form_name.at && !find_form(form_name, &form)))
        return err_set(err, E_INVALID, "%s.ini:%d: no such message: %.*s", languages[lang], line_number,
                       STR_FORMAT(str_trim(key)));
    Str text = unquote(str_trim(rest));
    if (!text.len || !placeholders_fit(text, messages[message].args))
        return err_set(err, E_INVALID, "%s.ini:%d: the text does not fit its arguments (%s)", languages[lang],
                       line_number, messages[message].args);
    i18n->text[lang][message][form] = text;
    return OK;
}

static Status check_complete(const I18n *i18n, Lang lang, Err *err) {
    for (size_t i = 0; i < COUNT(messages); i++)
        if (!i18n->text[lang][i][FORM_OTHER].at)
            return err_set(err, E_INVALID, "%s.ini: the text of %s is missing", languages[lang],
                           messages[i].name);
    return OK;
}

static Status read_language(I18n *i18n, Lang lang, const char *assets_dir, Err *err) {
    const char *path =
        str_cstr(i18n->arena, str_print(i18n->arena, "%s/i18n/%s.ini", assets_dir, languages[lang]));
    Str rest = {0};
    TRY(file_read(i18n->arena, path, I18N_FILE_MAX, &rest, err));
    Str line = {0};
    for (int number = 1; str_cut(&rest, '\n', &line); number++) {
        line = str_trim(line);
        if (line.len && line.at[0] != '#') TRY(take_line(i18n, lang, line, number, err));
    }
    return check_complete(i18n, lang, err);
}

Status i18n_open(I18n **out, const char *assets_dir, Err *err) {
    Arena *arena = arena_open();
    I18n *i18n = ARENA_NEW(arena, I18n);
    i18n->arena = arena;
    for (int lang = 0; lang < LANG_COUNT; lang++) {
        Status status = read_language(i18n, (Lang)lang, assets_dir, err);
        if (status == OK) continue;
        arena_close(arena);
        return status;
    }
    *out = i18n;
    return OK;
}

void i18n_close(I18n *i18n) {
    if (i18n) arena_close(i18n->arena);
}

/* ---- speaking ---- */

/* French counts 0 and 1 alike, English only 1. */
static int plural_form(Lang lang, int64_t number) {
    if (number == 1) return FORM_ONE;
    return number == 0 && lang == LANG_FR ? FORM_ONE : FORM_OTHER;
}

static Str text_for(const Say *say, Message message, const SayArg *args, size_t count) {
    const Str *text = say->i18n->text[say->lang][message];
    for (size_t i = 0; i < count; i++) {
        if (args[i].type != 'n') continue;
        if (args[i].number == 0 && text[FORM_ZERO].at) return text[FORM_ZERO];
        int form = plural_form(say->lang, args[i].number);
        return text[form].at ? text[form] : text[FORM_OTHER];
    }
    return text[FORM_OTHER];
}

static void add_arg(const Say *say, Buf *out, const SayArg *arg) {
    buf_add(out, arg->type == 'n' ? say_number(say, arg->number) : arg->text);
}

Str say_list(const Say *say, Message message, const SayArg *args, size_t count) {
    assert(strlen(messages[message].args) == count);
    for (size_t i = 0; i < count; i++) assert(messages[message].args[i] == args[i].type);
    Str text = text_for(say, message, args, count);
    if (!str_has(text, '{')) return text;
    AUTO(buf_free) Buf out = buf_new(SAY_MAX);
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] != '{') {
            buf_add_byte(&out, text.at[i]);
            continue;
        }
        add_arg(say, &out, &args[text.at[i + 1] - '0']);
        i += 2;
    }
    return str_copy(say->arena, buf_str(&out));
}

Str say(const Say *say, Message message) {
    return say_list(say, message, NULL, 0);
}

Str say_number(const Say *say, int64_t number) {
    Str digits = str_print(say->arena, "%lld", (long long)(number < 0 ? -number : number));
    AUTO(buf_free) Buf out = buf_new(64);
    if (number < 0) buf_add_cstr(&out, "\u2212");
    for (size_t i = 0; i < digits.len; i++) {
        if (i && (digits.len - i) % 3 == 0) buf_add_cstr(&out, say->lang == LANG_FR ? "\u202f" : ",");
        buf_add_byte(&out, digits.at[i]);
    }
    return str_copy(say->arena, buf_str(&out));
}

static const char *english_ordinal(int64_t number) {
    int64_t tens = number % 100;
    if (tens >= 11 && tens <= 13) return "th";
    switch (number % 10) {
    case 1:
        return "st";
    case 2:
        return "nd";
    case 3:
        return "rd";
    default:
        return "th";
    }
}

Str say_ordinal(const Say *say, int64_t number, bool feminine) {
    const char *end = english_ordinal(number);
    if (say->lang == LANG_FR) end = number != 1 ? "\u1d49" : feminine ? "\u02b3\u1d49" : "\u1d49\u02b3";
    return str_print(say->arena, "%lld%s", (long long)number, end);
}
