/* What one operation is judged with; inside this folder only. */
#pragma once

#include "common/rules/ops.def"
#include "common/rules/rules.h"

typedef struct Judging {
    Records *records;
    const RuleContext *context;
    const RuleOp *op;
    Arena *arena;
} Judging;

/* Sets *out to a verdict on OK; anything but OK is a failure of the store. */
typedef Status (*RuleFunction)(const Judging *judging, Verdict *out, Err *err);

#define RULE_DECLARATION(name, function, sealed)                                                             \
    CHECKED Status function(const Judging *judging, Verdict *out, Err *err);
RULE_OPS(RULE_DECLARATION)

/* A record that an op needs: *found false where it is not there or cannot be read by this version. */
CHECKED Status rule_find(const Judging *judging, Kind kind, Str id, void *out, bool *found, Err *err);

bool rule_text_is_fit(Str text, size_t most); /* not blank, not longer */

/* ---- facts (common/records): fact.c ---- */

/* The key under which a thing that somebody did is known: nobody finds the person again in it. */
Str fact_key(const Judging *judging, const char *kind, Str person, Str thing);
/* A new id that nobody can trace to the op it comes from. */
Str fact_id(const Judging *judging);
CHECKED Status fact_find(const Judging *judging, const char *kind, Str key, Str *value,
                         Err *err); /* absent: OK */
CHECKED Status fact_set(const Judging *judging, const char *kind, Str key, Str value, Err *err);
