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

#define RULE_DECLARATION(name, function)                                                                     \
    CHECKED Status function(const Judging *judging, Verdict *out, Err *err);
RULE_OPS(RULE_DECLARATION)

/* A record that an op needs: *found false where it is not there or cannot be read by this version. */
CHECKED Status rule_find(const Judging *judging, Kind kind, Str id, void *out, bool *found, Err *err);
