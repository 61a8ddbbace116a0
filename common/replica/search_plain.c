/* Markdown to plain text, good enough to search in and to quote from: what is marked up stays, the marks go.
 * Code and links lose their dress, pictures leave their description, tables their bars. */
#include "common/replica/search_inside.h"

#include <ctype.h>
#include <string.h>

typedef struct Plain {
    Buf out;
    bool fenced;    /* inside ``` */
    bool new_block; /* the next line begins a block */
} Plain;

static bool is_made_of(Str line, const char *bytes) {
    for (size_t i = 0; i < line.len; i++)
        if (!strchr(bytes, line.at[i])) return false;
    return line.len > 0;
}

/* ---, ***, ===, and the second row of a table. */
static bool is_rule(Str line) {
    if (line.len < 3) return false;
    return is_made_of(line, "=") || is_made_of(line, "*_ ") ||
           (is_made_of(line, "|:- ") && str_has(line, '-'));
}

static size_t heading_mark(Str line) {
    size_t marks = 0;
    while (marks < line.len && line.at[marks] == '#') marks++;
    return marks > 0 && marks <= 6 && (marks == line.len || line.at[marks] == ' ') ? marks : 0;
}

static size_t list_mark(Str line) {
    size_t digits = 0;
    if (line.len >= 2 && strchr("-*+", line.at[0]) && line.at[1] == ' ') return 2;
    while (digits < line.len && isdigit((unsigned char)line.at[digits])) digits++;
    bool numbered =
        digits > 0 && digits + 1 < line.len && strchr(".)", line.at[digits]) && line.at[digits + 1] == ' ';
    return numbered ? digits + 2 : 0;
}

static size_t task_mark(Str line) {
    return str_starts(line, STR("[ ] ")) || str_starts(line, STR("[x] ")) || str_starts(line, STR("[X] "))
               ? 4
               : 0;
}

/* Cuts what makes a line a heading, an item, a quotation. */
static Str without_marks(Str line, bool *marked, bool *heading) {
    for (;;) {
        size_t mark = heading_mark(line);
        *heading = *heading || mark > 0;
        if (!mark) mark = list_mark(line);
        if (!mark) mark = task_mark(line);
        if (!mark && str_starts(line, STR(">"))) mark = 1;
        if (!mark) return line;
        *marked = true;
        line = str_trim(str_skip(line, mark));
    }
}

static size_t find_byte(Str text, size_t from, char byte) {
    const char *found = from < text.len ? memchr(text.at + from, byte, text.len - from) : NULL;
    return found ? (size_t)(found - text.at) : text.len;
}

static bool is_ascii_word(Str line, size_t at) {
    return at < line.len && ((unsigned char)line.at[at] >= 0x80 || isalnum((unsigned char)line.at[at]));
}

/* Whether the mark at `at` is one of emphasis: not the underscore of snake_case, nor a star that stands
 * alone. */
static bool is_emphasis(Str line, size_t at) {
    char mark = line.at[at];
    bool word_before = at > 0 && is_ascii_word(line, at - 1), word_behind = is_ascii_word(line, at + 1);
    bool blank_around = (at == 0 || line.at[at - 1] == ' ') && (at + 1 >= line.len || line.at[at + 1] == ' ');
    if (mark == '~')
        return at + 1 < line.len && (line.at[at + 1] == '~' || (at > 0 && line.at[at - 1] == '~'));
    return mark == '*' ? !blank_around : !(word_before && word_behind);
}

/* Behind "](…)" or "][…]"; text.len + 1 when `closing` does not close a link. */
static size_t link_end(Str line, size_t closing) {
    if (closing + 1 >= line.len) return line.len + 1;
    char opens = line.at[closing + 1];
    size_t end = opens == '('   ? find_byte(line, closing + 1, ')')
                 : opens == '[' ? find_byte(line, closing + 2, ']')
                                : line.len;
    return end < line.len ? end + 1 : line.len + 1;
}

static bool is_tag(Str line, size_t at, size_t end) {
    return end < line.len && at + 1 < end &&
           (isalpha((unsigned char)line.at[at + 1]) || strchr("/!", line.at[at + 1])) &&
           !str_has((Str){line.at + at, end - at}, ':');
}

static void add_bar(Buf *out, bool blank_behind) {
    if (out->len && out->at[out->len - 1] != ' ') buf_add_byte(out, ' ');
    buf_add_cstr(out, blank_behind ? "·" : "· ");
}

static void add_inline(Buf *out, Str line);

/* What begins at `at` with a mark; returns where to go on. */
static size_t add_marked(Buf *out, Str line, size_t at) {
    char mark = line.at[at];
    size_t closing;
    if (mark == '\\' && at + 1 < line.len && ispunct((unsigned char)line.at[at + 1])) {
        buf_add_byte(out, line.at[at + 1]);
        return at + 2;
    }
    if (mark == '!' && at + 1 < line.len && line.at[at + 1] == '[') return at + 1;
    if (mark == '[' && (closing = find_byte(line, at, ']')) < line.len &&
        link_end(line, closing) <= line.len) {
        add_inline(out, (Str){line.at + at + 1, closing - at - 1});
        return link_end(line, closing);
    }
    if (mark == '<' && is_tag(line, at, closing = find_byte(line, at, '>'))) return closing + 1;
    if (mark == '`' || (strchr("*_~", mark) && is_emphasis(line, at))) return at + 1;
    if (mark == '|')
        add_bar(out, at + 1 < line.len && line.at[at + 1] == ' ');
    else
        buf_add_byte(out, mark);
    return at + 1;
}

static void add_inline(Buf *out, Str line) {
    for (size_t at = 0; at < line.len;) {
        if (line.at[at] && strchr("\\![<`*_~|", line.at[at])) {
            at = add_marked(out, line, at);
            continue;
        }
        buf_add_byte(out, line.at[at]);
        at++;
    }
}

static Str table_row(Str line) {
    line = str_skip(line, 1);
    if (str_ends(line, STR("|"))) line.len--;
    return str_trim(line);
}

static void add_line(Plain *plain, Str line) {
    bool table = str_starts(line, STR("|")), marked = false, heading = false;
    Str text = table ? table_row(line) : without_marks(line, &marked, &heading);
    bool starts = plain->new_block || table || marked;
    if (plain->out.len) buf_add_byte(&plain->out, starts ? '\n' : ' ');
    add_inline(&plain->out, text);
    plain->new_block = table || heading;
}

static void take_line(Plain *plain, Str line) {
    if (str_starts(line, STR("```")) || str_starts(line, STR("~~~"))) {
        plain->fenced = !plain->fenced;
        plain->new_block = true;
    } else if (line.len == 0 || (!plain->fenced && is_rule(line))) {
        plain->new_block = true;
    } else {
        add_line(plain, line);
    }
}

Str search_plain(Arena *arena, Str markdown) {
    Str line;
    Plain plain = {.out = buf_new(markdown.len * 4 + 1)}; /* a bar becomes four bytes */
    while (str_cut(&markdown, '\n', &line)) take_line(&plain, str_trim(line));
    Str text = str_copy(arena, buf_str(&plain.out));
    buf_free(&plain.out);
    return text;
}
