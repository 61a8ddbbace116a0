/* From what somebody typed to what FTS5 is asked. */
#include "common/base/utf8.h"
#include "common/replica/search_inside.h"

/* Whatever bytes come from a keyboard, as UTF-8. */
static Str as_utf8(Arena *arena, Str typed) {
    int32_t code_point;
    enum { TYPED_MAX_BYTES = 1000 };
    AUTO(buf_free) Buf out = buf_new(TYPED_MAX_BYTES * 3);
    Str taken = str_first(typed, TYPED_MAX_BYTES);
    for (size_t at = 0; (code_point = utf8_next(taken, &at)) >= 0;) utf8_add(&out, code_point);
    return str_copy(arena, buf_str(&out));
}

/* A run of letters and digits from *at on, which moves behind it; *apostrophe: one follows. */
static bool next_word(Str text, size_t *at, Str *word, bool *apostrophe) {
    size_t start = text.len, end = text.len;
    for (size_t here = *at; here < text.len;) {
        size_t behind = here;
        bool in_word = utf8_is_word(utf8_next(text, &behind));
        if (in_word && start == text.len) start = here;
        if (!in_word && start < text.len) {
            end = here;
            break;
        }
        here = behind;
    }
    *word = (Str){text.at + start, end - start};
    *apostrophe = end < text.len && text.at[end] == '\'';
    *at = end;
    return start < text.len;
}

/* Little words that say nothing; elided ones only before their apostrophe. */
static bool is_little(Str word, bool apostrophe) {
    static const char little[] =
        " le la les un une des de du et ou a au aux en dans sur pour par avec ce ces cet "
        "cette mon ma mes ton ta tes son sa ses est sont the of an to in on for and or ";
    static const char elided[] = " l d j m t s c n qu jusqu lorsqu puisqu quelqu ";
    AUTO(buf_free) Buf padded = buf_new(SEARCH_ASKED_WORD_BYTES + 2);
    buf_print(&padded, " %.*s ", STR_FORMAT(word));
    return !padded.over && str_find(apostrophe ? STR(elided) : STR(little), buf_str(&padded)) >= 0;
}

static Str singular_of(Str word) {
    bool plural = word.len >= 4 && (str_ends(word, STR("s")) || str_ends(word, STR("x")));
    return plural ? str_first(word, word.len - 1) : (Str){0};
}

static size_t cut_at_character(Str word) {
    size_t len = word.len < SEARCH_ASKED_WORD_BYTES ? word.len : SEARCH_ASKED_WORD_BYTES;
    while (len > 0 && len < word.len && ((unsigned char)word.at[len] & 0xC0) == 0x80) len--;
    return len;
}

static void add_word(Asked *out, Str word) {
    if (out->count == SEARCH_ASKED_WORDS_MAX) return;
    Str kept = str_first(word, cut_at_character(word));
    out->words[out->count++] = (AskedWord){kept, singular_of(kept)};
}

static void gather(Str folded, Asked *out, bool little_too) {
    Str word;
    bool apostrophe;
    for (size_t at = 0; next_word(folded, &at, &word, &apostrophe);) {
        bool being_typed = at == folded.len;
        if (little_too || being_typed || !is_little(word, apostrophe)) add_word(out, word);
    }
}

void search_ask(Arena *arena, Str typed, Asked *out) {
    *out = (Asked){0};
    Str folded = utf8_fold(arena, as_utf8(arena, typed));
    if (!folded.at) return;
    gather(folded, out, false);
    if (out->count == 0) gather(folded, out, true);
}

Str search_match(Arena *arena, const Asked *asked, bool any_word, bool in_title) {
    enum { MATCH_MAX_BYTES = SEARCH_ASKED_WORDS_MAX * (2 * SEARCH_ASKED_WORD_BYTES + 32) + 64 };
    AUTO(buf_free) Buf out = buf_new(MATCH_MAX_BYTES);
    buf_add_cstr(&out, in_title ? "{title} : (" : "(");
    for (size_t i = 0; i < asked->count; i++) {
        const AskedWord *word = &asked->words[i];
        if (i > 0) buf_add_cstr(&out, any_word ? " OR " : " AND ");
        if (word->singular.at)
            buf_print(&out, "(\"%.*s\" * OR \"%.*s\")", STR_FORMAT(word->word), STR_FORMAT(word->singular));
        else
            buf_print(&out, "\"%.*s\" *", STR_FORMAT(word->word));
    }
    buf_add_byte(&out, ')');
    return str_copy(arena, buf_str(&out));
}

bool search_word_matches(const AskedWord *asked, Str folded) {
    return str_starts(folded, asked->word) || (asked->singular.at && str_equal(folded, asked->singular));
}
