/* What the hub alone knows: that somebody has voted, declared or rated, under keys that name nobody. */
#include "common/rules/rule.h"

#include <assert.h>

enum { ID_HEX = 32 };

static Str hash(const Judging *judging, Str text) {
    const RuleContext *context = judging->context;
    assert(context->keyed_hash);
    return context->keyed_hash(judging->arena, context->secret, text);
}

Str fact_key(const Judging *judging, const char *kind, Str person, Str thing) {
    return hash(judging,
                str_print(judging->arena, "%s %.*s %.*s", kind, STR_FORMAT(person), STR_FORMAT(thing)));
}

Str fact_id(const Judging *judging) {
    return str_first(hash(judging, str_print(judging->arena, "id %.*s", STR_FORMAT(judging->op->id))),
                     ID_HEX);
}

Status fact_find(const Judging *judging, const char *kind, Str key, Str *value, Err *err) {
    Records *records = judging->records;
    Err missing = {0};
    *value = (Str){0};
    Status status = records->verbs->fact_get(records, kind, key, judging->arena, value, &missing);
    if (status == OK || status == E_NOTFOUND) return OK;
    return err_set(err, status, "%s", missing.text);
}

Status fact_set(const Judging *judging, const char *kind, Str key, Str value, Err *err) {
    return judging->records->verbs->fact_put(judging->records, kind, key, value, err);
}
