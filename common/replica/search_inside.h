/* What the files of the search share. */
#pragma once

#include "common/db/db.h"
#include "common/replica/search.def"
#include "common/replica/search.h"

#include <sys/types.h>

enum { SEARCH_STATEMENTS(STMT_NAME) SEARCH_STMT_COUNT };
enum { SEARCHED_STATEMENTS(STMT_NAME) SEARCHED_STMT_COUNT };

typedef enum SearchRole {
    SEARCH_TITLE,
    SEARCH_CONTEXT,
    SEARCH_WORDS,
    SEARCH_ALSO, /* of search.def: found, never shown */
    SEARCH_BODY,
    SEARCH_ROLE_COUNT
} SearchRole;

typedef struct SearchKind {
    Kind kind;
    int weight_percent;
    const char *type_field, *starts_field, *ends_field; /* "" = none */
} SearchKind;

typedef struct SearchField {
    Kind kind;
    const char *name;
    SearchRole role;
    bool by_name; /* a REF or REFS: the name of what it points to */
} SearchField;

typedef struct SearchWord {
    Kind kind;
    const char *field, *value, *words;
} SearchWord;

typedef enum SearchEffect { SEARCH_LEFT_OUT, SEARCH_CANCELLED } SearchEffect;

typedef struct SearchState {
    Kind kind;
    const char *field, *word;
    SearchEffect effect;
} SearchState;

/* search_fields.c */
extern const SearchKind search_kinds[];
extern const size_t search_kind_count;
extern const SearchField search_fields[];
extern const size_t search_field_count;
extern const SearchWord search_words[];
extern const size_t search_word_count;
extern const SearchState search_states[];
extern const size_t search_state_count;
uint64_t search_format(void); /* differs when the tables above, or what is made of them, do */

/* What a record says in one language; "fr" is the record itself. */
typedef struct Said {
    Str lang;
    Str part[SEARCH_ROLE_COUNT]; /* absent: nothing in this language */
} Said;

enum { SAID_MAX = 8 }; /* languages of a record */

typedef struct SaidList {
    Said at[SAID_MAX];
    size_t count;
} SaidList;

typedef struct SearchHidden {
    Arena *arena;
    Str *keys; /* "kind~id", sorted */
    size_t count;
} SearchHidden;

struct Search {
    Arena *arena; /* paths: as long as the Search */
    const Clock *clock;
    const char *path, *replica_path;
    /* the index */
    Db *db; /* NULL: nothing can be found */
    StmtTable *statements;
    bool in_memory;
    int failures;
    Status status;
    char text[ERR_TEXT_MAX];
    uint64_t generation;
    /* the replica, as it is followed */
    Db *replica; /* NULL while there is none to read */
    StmtTable *reading;
    bool replica_failed; /* the last failure was the replica's, not the index's */
    dev_t device;
    ino_t inode;
    int64_t data_version;
    int64_t counts[KIND_COUNT]; /* kind_count as last seen */
    uint64_t dirty;             /* kinds to compare, 1 << K_event … */
    bool hidden_known, names_known;
    Kind sweeping;          /* or K_unknown */
    char after[ID_MAX + 1]; /* records up to this id are compared */
    SearchHidden hidden;
    Tx *tx;                   /* over several steps: FTS5 writes a segment at each commit */
    int uncommitted, changes; /* since the last commit; since words were last merged */
    bool merge_all, merging;  /* something was erased, or much put; something was put */
};

#define SEARCH_BIT(kind) (UINT64_C(1) << (kind))

static inline Stmt *search_statement(Search *search, int which) {
    return stmt_at(search->statements, (size_t)which);
}

static inline Stmt *searched_statement(Search *search, int which) {
    return stmt_at(search->reading, (size_t)which);
}

/* search_index.c: the file */
void search_index_open(Search *search);
void search_index_close(Search *search);
void search_start_over(Search *search); /* all is compared again */
/* After a failure: a damaged file is made anew; what cannot be written gives way to memory. All is compared
 * again. */
void search_index_failed(Search *search, const Err *err);

/* search_replica.c: what is followed. All reading notes in replica_failed whether it was to blame. */
void search_replica_close(Search *search);
CHECKED Status search_look(Search *search,
                           Err *err); /* opens it where it differs; marks kinds that have changed */
typedef struct SearchRow {
    Str id, hash;
    int64_t number; /* of the item */
} SearchRow;
enum { SEARCH_BATCH = 256 };
typedef struct SearchRows {
    SearchRow at[SEARCH_BATCH];
    size_t count;
} SearchRows;
CHECKED Status search_read_hashes(Search *search, Kind kind, Arena *arena, SearchRows *out, Err *err);
CHECKED Status search_read_hidden(Search *search, Err *err);
bool search_is_hidden(const Search *search, Kind kind, Str id);
CHECKED Status search_read_names(Search *search, uint64_t *digest,
                                 Err *err); /* of what records are named after */

/* search_sweep.c: comparing */
CHECKED Status search_sweep(Search *search, Millis deadline_steady, Err *err);
CHECKED Status search_commit(Search *search, Err *err); /* what has been compared so far */
bool search_is_behind(const Search *search);

/* search_item.c: one record */
CHECKED Status search_item_put(Search *search, const SearchKind *kind, Str id, int64_t old_number, Err *err);
CHECKED Status search_item_erase(Search *search, int64_t number, Err *err);
CHECKED Status search_said_of(Search *search, int64_t number, Arena *arena, SaidList *out, Err *err);
/* Absent and NULL: it is not there; NULL alone: it cannot be read. */
CHECKED Status search_read_doc(Search *search, Kind kind, Str id, Arena *arena, Str *hash, const Json **doc,
                               Err *err);

/* search_plain.c: Markdown as lines of plain text, one a block. */
Str search_plain(Arena *arena, Str markdown);

/* search_question.c: what was typed, as words. */
enum { SEARCH_ASKED_WORDS_MAX = 8, SEARCH_ASKED_WORD_BYTES = 64 };
typedef struct AskedWord {
    Str word;     /* folded: matches as a prefix */
    Str singular; /* or absent: matches whole */
} AskedWord;
typedef struct Asked {
    AskedWord words[SEARCH_ASKED_WORDS_MAX];
    size_t count;
} Asked;
void search_ask(Arena *arena, Str typed, Asked *out);
/* In FTS5's language. Only letters and digits of what was typed are in it, each word quoted. */
Str search_match(Arena *arena, const Asked *asked, bool any_word, bool in_title);
bool search_word_matches(const AskedWord *asked, Str folded);

/* search_excerpt.c: a line of text around what matched. */
bool search_excerpt(Arena *arena, Str text, const Asked *asked, size_t max_chars, SearchText *out);
