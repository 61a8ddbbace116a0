#include "common/wire/wire.h"
#include "tests/fuzz/fuzz.h"

static void check_rewritten(Arena *arena, const OpLine *op) {
    OpLine again;
    AUTO(buf_free) Buf line = buf_new((size_t)2 * OP_LINE_MAX);
    Str body = op_body_write(arena, op->op, op->at, op->by, op->auth, op->args);
    if (!body.at) return;
    op_line_write(&line, op->n, op->id, op->prev, body);
    if (line.len - 1 > OP_LINE_MAX) return;
    fuzz_check(op_line_read(arena, str_first(buf_str(&line), line.len - 1), &again, NULL) == OK);
    fuzz_check(again.n == op->n && again.at == op->at && str_equal(again.id, op->id) &&
               str_equal(again.op, op->op));
    fuzz_check(str_equal(again.by, op->by) && str_equal(again.auth, op->auth) &&
               str_equal(again.prev, op->prev));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Str text = fuzz_str(bytes, count);
    OpLine op;
    OpsHeader header;
    if (op_line_read(arena, text, &op, NULL) == OK) check_rewritten(arena, &op);
    if (ops_header_read(arena, text, &header, NULL) != OK) return 0;
    OpsHeader again;
    AUTO(buf_free) Buf line = buf_new(OP_LINE_MAX);
    ops_header_write(&line, &header);
    fuzz_check(ops_header_read(arena, str_first(buf_str(&line), line.len - 1), &again, NULL) == OK);
    fuzz_check(str_equal(again.device, header.device) && again.time == header.time &&
               again.seen == header.seen);
    return 0;
}
