/* search.def as tables. */
#include "common/replica/search_inside.h"

#define KIND_ROW(kind, weight, type, starts, ends) {K_##kind, weight, type, starts, ends},
const SearchKind search_kinds[] = {SEARCH_KINDS(KIND_ROW)};
const size_t search_kind_count = COUNT(search_kinds);

#define FIELD_ROW(kind, field, role) {K_##kind, #field, SEARCH_##role, false},
#define NAME_ROW(kind, field, role) {K_##kind, #field, SEARCH_##role, true},
const SearchField search_fields[] = {SEARCH_FIELDS(FIELD_ROW, NAME_ROW)};
const size_t search_field_count = COUNT(search_fields);

#define WORD_ROW(kind, field, value, words) {K_##kind, field, value, words},
const SearchWord search_words[] = {SEARCH_WORDS(WORD_ROW)};
const size_t search_word_count = COUNT(search_words);

#define STATE_ROW(kind, field, word, effect) {K_##kind, field, word, SEARCH_##effect},
const SearchState search_states[] = {SEARCH_STATES(STATE_ROW)};
const size_t search_state_count = COUNT(search_states);

/* Raised when the same tables give another index: folding, plain text. */
enum { MADE_VERSION = 2 };

#define KIND_TEXT(kind, weight, type, starts, ends) #kind " " #weight " " type " " starts " " ends "\n"
#define FIELD_TEXT_OF(kind, field, role) #kind "." #field " " #role "\n"
#define NAME_TEXT_OF(kind, field, role) #kind "." #field "^ " #role "\n"
#define WORD_TEXT(kind, field, value, words) #kind "." field "=" value " " words "\n"
#define STATE_TEXT(kind, field, word, effect) #kind "." field "=" word " " #effect "\n"
static const char declared[] = SEARCH_KINDS(KIND_TEXT) SEARCH_FIELDS(FIELD_TEXT_OF, NAME_TEXT_OF)
    SEARCH_WORDS(WORD_TEXT) SEARCH_STATES(STATE_TEXT) SEARCH_TABLES SEARCH_SETTINGS;

uint64_t search_format(void) {
    return (str_hash(str_of(declared)) + MADE_VERSION) >> 1; /* a positive integer in SQL */
}
