/* Search as you type, over what the replica holds and everybody may see: kinds flagged SEARCHABLE, never a
 * personal one, nothing a borrow record hides.
 *
 * The index is the kiosk's own third file, search.db beside replica.db: derived, thrown away and made again
 * at will. A file that is corrupt, locked, of another version or not to be written is replaced, or an index
 * in memory stands in; nothing here ever fails towards the screen. It follows the replica in steps, when the
 * screen has nothing to do. What was typed is kept nowhere. One thread. */
#pragma once

#include "common/base/clock.h"
#include "common/schema/schema.h"

typedef struct Search Search;

/* Never fails: without a replica there is nothing to find yet. The first steps compare the whole index with
 * the replica. */
Search *search_open(const char *dir, const Clock *clock);
void search_close(Search *search); /* NULL is fine */
void search_close_auto(Search **search);

/* Brings the index nearer to the replica, for about budget_ms. Call it after a poke and with the clock's
 * minute, then, while it says that work remains, whenever the screen is idle. Costs microseconds when nothing
 * has changed. True: work remains. */
bool search_step(Search *search, int budget_ms);

typedef struct SearchQuestion {
    Str typed;    /* anything at all */
    Str lang;     /* "fr": titles and excerpts are shown in it where a record has it, else in French */
    Millis now;   /* what is ahead of it comes before what is over */
    size_t limit; /* 0 = SEARCH_HITS_MAX */
    size_t excerpt_chars; /* 0 = SEARCH_EXCERPT_CHARS */
} SearchQuestion;

enum { SEARCH_HITS_MAX = 50, SEARCH_TITLE_CHARS = 160, SEARCH_EXCERPT_CHARS = 140 };

/* Bytes of a text, in order, none inside another. */
typedef struct SearchMark {
    size_t at, len;
} SearchMark;

typedef struct SearchText {
    Str text;          /* one line, cut at words with « … » where it is long */
    SearchMark *marks; /* where it matched */
    size_t mark_count;
} SearchText;

typedef struct SearchHit {
    Kind kind;
    Str id;
    SearchText title;
    SearchText
        excerpt; /* around the match; the beginning where only the title matched; empty without a body */
    Str context; /* chapter of a page, path of a step, place of an event, services of a RISE …; may be absent
                  */
    Millis starts, ends; /* INT_ABSENT unless an event */
    int type;            /* the word of the kind's type or state field (EventType_training …); 0 = none */
    bool cancelled;      /* event */
} SearchHit;

typedef struct SearchResults {
    SearchHit *hits; /* best first */
    size_t count;
    bool any_word; /* nothing has all of the words: these have some */
    bool asked;    /* false: no word was typed */
    bool partial;  /* the index is still being made */
} SearchResults;

/* Results live in the arena. */
void search_find(Search *search, const SearchQuestion *question, Arena *arena, SearchResults *out);

/* Whether the results of an earlier search may differ now: counts what was put in or taken out. */
uint64_t search_generation(const Search *search);

typedef struct SearchHealth {
    int64_t records;         /* in the index */
    bool in_memory;          /* search.db could not be used */
    int failures;            /* how often it had to be made anew since the start */
    Status status;           /* OK, or of the last failure */
    char text[ERR_TEXT_MAX]; /* for the technician, English; never what was typed */
} SearchHealth;
void search_health(Search *search, SearchHealth *out);
