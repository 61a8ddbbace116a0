/* The line of a text that shows why it was found. */
#include "common/base/utf8.h"
#include "common/replica/search_inside.h"

#include <string.h>

enum { MATCHES_MAX = 64, SCANNED_MAX_BYTES = 64 * 1024 };

typedef struct Match {
    size_t at, len, word; /* word: index in Asked */
} Match;

typedef struct Matches {
    Match at[MATCHES_MAX];
    size_t count;
} Matches;

/* ---- where it matches ---- */

static char lower(char byte) {
    return byte >= 'A' && byte <= 'Z' ? (char)(byte | 0x20) : byte;
}

/* Folding costs a hundred times a comparison: most words differ in their first letter already. An accent may
 * hide which that is. */
static bool may_match(Str word, const Asked *asked) {
    if ((unsigned char)word.at[0] >= 0x80) return true;
    for (size_t i = 0; i < asked->count; i++)
        if (asked->words[i].word.at[0] == lower(word.at[0])) return true;
    return false;
}

static bool word_found(Arena *scratch, Str word, const Asked *asked, size_t *which) {
    if (!may_match(word, asked)) return false;
    Str folded = utf8_fold(scratch, word);
    for (size_t i = 0; folded.at && i < asked->count; i++) {
        *which = i;
        if (search_word_matches(&asked->words[i], folded)) return true;
    }
    return false;
}

static void note_word(Matches *out, Arena *scratch, Str text, size_t start, size_t end, const Asked *asked) {
    size_t which = 0;
    if (out->count < MATCHES_MAX && word_found(scratch, (Str){text.at + start, end - start}, asked, &which))
        out->at[out->count++] = (Match){start, end - start, which};
}

static void find_matches(Str text, const Asked *asked, Matches *out) {
    AUTO(arena_close_auto) Arena *scratch = arena_open();
    size_t scanned = text.len < SCANNED_MAX_BYTES ? text.len : SCANNED_MAX_BYTES, start = 0;
    bool inside = false;
    for (size_t at = 0; at < scanned && out->count < MATCHES_MAX;) {
        size_t here = at;
        bool in_word = utf8_is_word(utf8_next(text, &at));
        if (in_word && !inside) start = here;
        if (!in_word && inside) note_word(out, scratch, text, start, here, asked);
        inside = in_word;
    }
    if (inside) note_word(out, scratch, text, start, text.len, asked);
}

/* ---- which part is shown ---- */

static size_t forward(Str text, size_t at, size_t chars) {
    while (chars > 0 && at < text.len) {
        at++;
        while (at < text.len && ((unsigned char)text.at[at] & 0xC0) == 0x80) at++;
        chars--;
    }
    return at;
}

static size_t back(Str text, size_t at, size_t chars) {
    while (chars > 0 && at > 0) {
        at--;
        while (at > 0 && ((unsigned char)text.at[at] & 0xC0) == 0x80) at--;
        chars--;
    }
    return at;
}

static size_t words_within(const Matches *matches, size_t first, size_t bytes) {
    unsigned seen = 0;
    for (size_t i = first; i < matches->count && matches->at[i].at < matches->at[first].at + bytes; i++)
        seen |= 1u << matches->at[i].word;
    return (size_t)__builtin_popcount(seen);
}

/* The first of those with the most of the words behind them. */
static size_t best_match(const Matches *matches, size_t bytes) {
    size_t best = 0, most = 0;
    for (size_t i = 0; i < matches->count; i++) {
        size_t words = words_within(matches, i, bytes);
        if (words > most) best = i;
        if (words > most) most = words;
    }
    return matches->at[best].at;
}

static bool ends_sentence(Str text, size_t blank) {
    return text.at[blank] == '\n' ||
           (text.at[blank] == ' ' && blank > 0 && strchr(".!?", text.at[blank - 1]));
}

/* The beginning of the sentence, where it is near; else some words before. */
static size_t start_before(Str text, size_t match, size_t max_chars) {
    size_t far = back(text, match, max_chars / 2), near = back(text, match, max_chars / 4);
    for (size_t at = match; at-- > far;)
        if (ends_sentence(text, at)) return at + 1;
    if (far == 0) return 0;
    while (near < match && text.at[near - 1] != ' ' && text.at[near - 1] != '\n') near++;
    return near;
}

static size_t end_behind(Str text, size_t start, size_t max_chars) {
    size_t end = forward(text, start, max_chars), cut = end;
    if (end == text.len) return end;
    while (cut > start && text.at[cut] != ' ' && text.at[cut] != '\n') cut--;
    return cut > start ? cut : end;
}

static size_t without_tail(Str text, size_t start, size_t end) {
    while (end > start && strchr(" ,;:.\n", text.at[end - 1])) end--;
    return end;
}

/* ---- how it is written ---- */

/* Copies, with lines joined; marks move along. */
static void write_part(Buf *out, Str text, size_t start, size_t end, const Matches *matches, SearchText *to) {
    size_t next = 0;
    while (next < matches->count && matches->at[next].at < start) next++;
    for (size_t at = start; at < end;) {
        const Match *match =
            next < matches->count && matches->at[next].at == at ? &matches->at[next++] : NULL;
        if (match && at + match->len <= end) to->marks[to->mark_count++] = (SearchMark){out->len, match->len};
        size_t len = match && at + match->len <= end ? match->len : 1;
        if (text.at[at] == '\n')
            buf_add_cstr(out, " · ");
        else
            buf_add(out, (Str){text.at + at, len});
        at += len;
    }
}

static void write_excerpt(Arena *arena, Str text, size_t start, size_t end, const Matches *matches,
                          SearchText *out) {
    size_t shown = end < text.len ? without_tail(text, start, end) : end;
    AUTO(buf_free) Buf line = buf_new((shown - start) * 4 + 16);
    bool mid_sentence = start > 0 && !ends_sentence(text, start - 1);
    out->marks = ARENA_ARRAY(arena, SearchMark, MATCHES_MAX);
    if (mid_sentence) buf_add_cstr(&line, "…");
    write_part(&line, text, start, shown, matches, out);
    if (end < text.len) buf_add_cstr(&line, "…");
    out->text = str_copy(arena, buf_str(&line));
}

bool search_excerpt(Arena *arena, Str text, const Asked *asked, size_t max_chars, SearchText *out) {
    Matches matches = {.count = 0};
    *out = (SearchText){.text = STR("")};
    if (text.len == 0) return false;
    find_matches(text, asked, &matches);
    bool short_enough = forward(text, 0, max_chars) == text.len;
    size_t start = 0;
    if (matches.count > 0 && !short_enough)
        start = start_before(text, best_match(&matches, max_chars * 3 / 4), max_chars);
    write_excerpt(arena, text, start, end_behind(text, start, max_chars), &matches, out);
    return matches.count > 0;
}
