/* POST /v1/ops (PROTOCOL 4): a batch is read whole, then judged in one transaction with its counter and its
 * receipt. */
#include "syncd/hub/inside.h"

#include "common/rules/rules.h"
#include "common/wire/gzip.h"
#include "common/wire/secret.h"

#include <inttypes.h>

enum { UNSEEN_MAX = 1000, REJECTED_KEPT_MAX = 200, REJECTED_KEPT_DAYS = 30, AT_OLDEST_DAYS = 400 };

typedef struct Batch {
    HttpRequest *request;
    Arena *arena;
    StoreTx *tx;
    OpsHeader header;
    OpLine *ops;
    size_t count;
    Millis now;
    Grants grants;
    Healing healing;
    StoreCounter counter;
} Batch;

/* ---- reading ---- */

static Status body_plain(HttpRequest *request, Buf *plain, Str *out, Err *err) {
    Str coding = http_header(request, "Content-Encoding");
    *out = http_body(request);
    if (!coding.at || str_is(coding, "identity")) return OK;
    if (!str_is(coding, "gzip")) {
        http_problem_status(request, 415);
        return err_set(err, E_INVALID, "only gzip is understood, not “%.*s”",
                       STR_FORMAT(str_first(coding, 40)));
    }
    *plain = buf_new(PUSH_BYTES_MAX);
    Status status = gunzip_all(plain, *out, PUSH_BYTES_MAX, err);
    if (status == E_CORRUPT) return err_set(err, E_INVALID, "the body is no gzip");
    if (status != OK) return status;
    *out = buf_str(plain);
    return OK;
}

static Status line_bad(HttpRequest *request, size_t line, Status status, Err *err) {
    http_problem_int(request, "line", (int64_t)line);
    return err_wrap(err, status, "line %zu", line);
}

static Status lines_read(Batch *batch, Str rest, Err *err) {
    Str line;
    batch->ops = ARENA_ARRAY(batch->arena, OpLine, PUSH_OPS_MAX);
    for (size_t number = 2; str_cut(&rest, '\n', &line) && rest.at; number++) {
        if (batch->count == PUSH_OPS_MAX)
            return err_set(err, E_TOOBIG, "more than %d operations at once", PUSH_OPS_MAX);
        Status status = op_line_read(batch->arena, line, &batch->ops[batch->count++], err);
        if (status != OK) return line_bad(batch->request, number, status, err);
    }
    return OK;
}

static size_t lines_of(Str body) {
    size_t lines = 1;
    for (size_t i = 0; i < body.len; i++) lines += body.at[i] == '\n';
    return lines;
}

/* Only a body whose last line ends in LF is whole; of any other nothing is taken. */
static Status batch_read(Batch *batch, Str body, Err *err) {
    Str rest = body, first;
    if (!str_ends(body, STR("\n"))) {
        err_set(err, E_INVALID, "it does not end in a line feed: the body was cut");
        return line_bad(batch->request, lines_of(body), E_INVALID, err);
    }
    str_cut(&rest, '\n', &first);
    Status status = ops_header_read(batch->arena, first, &batch->header, err);
    if (status != OK) return line_bad(batch->request, 1, status, err);
    return lines_read(batch, rest, err);
}

/* ---- who sends ---- */

/* A relay forwards under its own token what a device gave it, if that device names it (PROTOCOL 8). */
static Status sender_check(const Batch *batch, Err *err) {
    Device device;
    Str sender = hub_caller(batch->request)->subject;
    if (str_equal(sender, batch->header.device)) return OK;
    Status status =
        records_get(&batch->tx->records, K_device, batch->header.device, &device, batch->arena, err);
    if (status != OK && status != E_NOTFOUND) return status;
    for (size_t i = 0; status == OK && i < device.relays.count; i++)
        if (str_equal(device.relays.at[i], sender)) return OK;
    return err_set(err, E_DENIED, "the operations are of another device than the token");
}

static Status sender_grants(Batch *batch, Err *err) {
    TRY(sender_check(batch, err));
    TRY(grants_read(batch->tx, batch->header.device, batch->arena, &batch->grants, err));
    return batch->grants.revoked ? denied_revoked(err) : OK;
}

/* ---- order ---- */

static Status gap_found(const Batch *batch, Err *err) {
    http_problem_int(batch->request, "expected", batch->counter.decided + 1);
    return err_set_code(err, E_EXISTS, "gap", "operation %" PRId64 " must come first",
                        batch->counter.decided + 1);
}

static Status clone_found(const Batch *batch, int64_t n, Err *err) {
    http_problem_int(batch->request, "n", n);
    return err_set_code(err, E_EXISTS, "clone",
                        "operation %" PRId64 " is another one here: the disk was copied", n);
}

/* A number that was decided before: must be the same operation, as far as it is still known. */
static Status repeat_check(const Batch *batch, const OpLine *op, Err *err) {
    Str id = {0}, code = {0};
    const OpsHeader *key = &batch->header;
    if (op->n == batch->counter.decided)
        return str_equal(op->id, batch->counter.last) ? OK : clone_found(batch, op->n, err);
    TRY(batch->tx->verbs->op_number(batch->tx, key->device, key->incarnation, op->n, batch->arena, &id, err));
    if (id.at) return str_equal(op->id, id) ? OK : clone_found(batch, op->n, err);
    Status status = batch->tx->verbs->op_find(batch->tx, op->id, batch->arena, &code, err);
    return status == E_NOTFOUND ? clone_found(batch, op->n, err) : status;
}

static Status order_check(const Batch *batch, const OpLine *op, Err *err) {
    if (op->n > batch->counter.decided + 1) return gap_found(batch, err);
    bool first = batch->counter.decided == 0;
    bool follows = first ? !op->prev.at : str_equal(op->prev, batch->counter.last);
    return follows ? OK : clone_found(batch, op->n, err);
}

/* ---- judging ---- */

/* The device's clock is corrected by what it said when it sent; no moment lies in the future or in another
 * age. */
static Millis at_corrected(const Batch *batch, Millis at) {
    Millis oldest = batch->now - AT_OLDEST_DAYS * DAY_MS;
    if (at > batch->header.time) at = batch->header.time;
    if (at < batch->header.time - AT_OLDEST_DAYS * DAY_MS) return oldest;
    return batch->now - (batch->header.time - at);
}

/* What is to be sealed is read nowhere but here, and is gone with the request. */
static bool args_read(const Batch *batch, const OpLine *op, const Json **out) {
    const Hub *hub = hub_of(batch->request);
    Err unsealed = {0};
    *out = op->args;
    if (!rules_seal(op->op)) return true;
    return op_args_open(batch->arena, hub->seal_public, hub->seal_secret, op->id, op->args, out, &unsealed) ==
           OK;
}

static Status op_judge(const Batch *batch, const OpLine *op, Verdict *out, Err *err) {
    if (!uuid_is_valid(op->id)) {
        *out = VERDICT_invalid;
        return OK;
    }
    const Hub *hub = hub_of(batch->request);
    const Json *args = NULL;
    *out = VERDICT_invalid;
    if (!args_read(batch, op, &args)) return OK;
    RuleContext context = {.now = batch->now,
                           .device = batch->header.device,
                           .granted = batch->grants.scopes.at,
                           .granted_count = batch->grants.scopes.count,
                           .keyed_hash = keyed_hash_hex,
                           .secret = hub->secret,
                           .healing = batch->healing.active,
                           .was = healing_was(&batch->healing, op)};
    RuleOp rule = {.id = op->id,
                   .name = op->op,
                   .at = at_corrected(batch, op->at),
                   .by = op->by,
                   .auth = op->auth,
                   .args = args};
    return rules_judge(&batch->tx->records, &context, &rule, batch->arena, out, err);
}

/* PROTOCOL 4: an id is judged once, whatever key it comes under; a repeat only advances the counter and
 * repeats the verdict. */
static Status op_decide(const Batch *batch, const OpLine *op, Verdict *out, Err *err) {
    Str code = {0};
    Status status = batch->tx->verbs->op_find(batch->tx, op->id, batch->arena, &code, err);
    if (status == E_NOTFOUND) return op_judge(batch, op, out, err);
    *out = verdict_from_name(code);
    return status;
}

static Status op_take(Batch *batch, const OpLine *op, Err *err) {
    Verdict verdict = VERDICT_none;
    if (op->n <= batch->counter.decided) return repeat_check(batch, op, err);
    TRY(order_check(batch, op, err));
    TRY(op_decide(batch, op, &verdict, err));
    StoreOp taken = {.id = op->id,
                     .device = batch->header.device,
                     .incarnation = batch->header.incarnation,
                     .n = op->n,
                     .code = str_of(verdict_name(verdict)),
                     .rejected = verdict_is_rejection(verdict),
                     .at = batch->now};
    TRY(batch->tx->verbs->op_take(batch->tx, &taken, err));
    batch->counter.decided = op->n;
    batch->counter.last = op->id;
    return OK;
}

/* ---- limits ---- */

static Status rate_check(const Batch *batch, Err *err) {
    Rates *rates = hub_of(batch->request)->op_rate;
    if (rates_take(rates, batch->header.device, (int64_t)batch->count, batch->now)) return OK;
    return err_set(err, E_LIMIT, "too many operations in a minute from this device");
}

static int64_t batch_new(const Batch *batch) {
    int64_t count = 0;
    for (size_t i = 0; i < batch->count; i++) count += batch->ops[i].n > batch->counter.decided;
    return count;
}

static Status unseen_check(const Batch *batch, Err *err) {
    int64_t unseen = 0;
    const OpsHeader *key = &batch->header;
    TRY(receipt_unseen(batch->tx, key->device, key->incarnation, key->seen, batch->arena, &unseen, err));
    if (unseen + batch_new(batch) <= UNSEEN_MAX) return OK;
    return err_set_code(err, E_LIMIT, "unseen", "%" PRId64 " verdicts wait to be read: pull the feed first",
                        unseen);
}

/* ---- the whole ---- */

static Status batch_record(Batch *batch, Err *err) {
    const OpsHeader *key = &batch->header;
    if (hub_of(batch->request)->options.durable == HUB_DURABLE_NOW)
        batch->counter.durable = batch->counter.decided;
    if (batch->counter.decided == 0) return OK;
    StoreKept kept = {.device = key->device,
                      .incarnation = key->incarnation,
                      .seen = key->seen,
                      .rejected_since = batch->now - REJECTED_KEPT_DAYS * DAY_MS,
                      .rejected_max = REJECTED_KEPT_MAX};
    TRY(batch->tx->verbs->counter_put(batch->tx, key->device, key->incarnation, &batch->counter, err));
    TRY(batch->tx->verbs->op_forget(batch->tx, &kept, err));
    return receipt_put(batch->tx, &kept, &batch->counter, batch->arena, err);
}

/* Nobody has seen more than was decided before: what this batch decides must be told. */
static Status counter_read(Batch *batch, Err *err) {
    OpsHeader *key = &batch->header;
    StoreTx *tx = batch->tx;
    TRY(tx->verbs->counter_get(tx, key->device, key->incarnation, batch->arena, &batch->counter, err));
    if (key->seen > batch->counter.decided) key->seen = batch->counter.decided;
    return OK;
}

/* Most ops name who acts and an event; whoever is far from the store asks for all of it in one go. */
static size_t op_expect(const Batch *batch, const OpLine *op, StoreKey *keys) {
    size_t count = 0;
    Str event = json_get_text(op->args, "event"), person = json_get_text(op->args, "person");
    if (!person.at) person = op->by;
    if (id_part_is_valid(op->by)) keys[count++] = (StoreKey){STR("person"), op->by};
    if (!id_part_is_valid(event)) return count;
    keys[count++] = (StoreKey){STR("event"), event};
    keys[count++] = (StoreKey){STR("seats"), event};
    if (id_part_is_valid(person))
        keys[count++] = (StoreKey){STR("registration"), id_join(batch->arena, event, person)};
    return count;
}

enum { EXPECTED_PER_OP = 4 };

static Status batch_expect(const Batch *batch, Err *err) {
    Str *ids = ARENA_ARRAY(batch->arena, Str, batch->count + 1);
    StoreKey *keys = ARENA_ARRAY(batch->arena, StoreKey, batch->count * EXPECTED_PER_OP + 1);
    StoreExpected expected = {.op_ids = ids, .records = keys};
    for (size_t i = 0; i < batch->count; i++) {
        if (batch->ops[i].n <= batch->counter.decided) continue;
        ids[expected.op_count++] = batch->ops[i].id;
        expected.record_count += op_expect(batch, &batch->ops[i], keys + expected.record_count);
    }
    return batch->tx->verbs->expect(batch->tx, &expected, err);
}

static Status batch_judge(Batch *batch, Err *err) {
    TRY(sender_grants(batch, err));
    TRY(rate_check(batch, err));
    TRY(healing_read(batch->tx, batch->arena, &batch->healing, err));
    TRY(counter_read(batch, err));
    TRY(unseen_check(batch, err));
    TRY(batch_expect(batch, err));
    for (size_t i = 0; i < batch->count; i++) TRY(op_take(batch, &batch->ops[i], err));
    return batch_record(batch, err);
}

static Status batch_answer(const Batch *batch, Err *err) {
    Str epoch = {0};
    TRY(store_epoch(batch->tx, batch->arena, &epoch, err));
    Json *answer = json_new_map(batch->arena);
    json_put_int(batch->arena, answer, "accepted", batch->counter.decided);
    json_put_text(batch->arena, answer, "epoch", epoch);
    TRY(hub_commit(batch->request, batch->tx, err));
    hub_reply_json(batch->request, 200, answer);
    return OK;
}

Status handle_ops(HttpRequest *request, Err *err) {
    AUTO(buf_free) Buf plain = {0};
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Batch batch = {.request = request, .arena = http_arena(request), .now = hub_now(hub_of(request))};
    Str body;
    TRY(body_plain(request, &plain, &body, err));
    TRY(batch_read(&batch, body, err));
    TRY(hub_write(request, &tx, err));
    batch.tx = tx;
    TRY(batch_judge(&batch, err));
    return batch_answer(&batch, err);
}
