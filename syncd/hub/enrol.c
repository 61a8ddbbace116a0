/* Enrolment (PROTOCOL 6, RFC 8628): a device asks for a code, an administrator approves it, the device polls
 * for its token. */
#include "syncd/hub/inside.h"

#include "common/wire/secret.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>

enum {
    CODE_LETTERS = 8,
    CODE_LIFE_S = 900,
    POLL_INTERVAL_S = 1,
    CODES_PENDING_MAX = 1000,
    PUBLIC_KEY_MAX = 256
};
enum { POLL_TOLERANCE_MS = 200, CODE_ATTEMPTS = 16 };

/* No vowels (no words), nothing that looks like a digit or another letter. */
static const char code_letters[] = "BCDFGHJKMNPQRSTVWXZ";

/* ---- what is sent: JSON, or a form as in the RFC ---- */

static Str form_value(HttpRequest *request, const char *name) {
    Arena *arena = http_arena(request);
    Str rest = http_body(request), pair, key;
    while (str_cut(&rest, '&', &pair)) {
        Str value = pair;
        if (str_cut(&value, '=', &key) && str_is(key, name)) return str_copy(arena, value);
    }
    return (Str){0};
}

static Status body_value(HttpRequest *request, const char *name, Str *out, Err *err) {
    Json *body = NULL;
    Str text = str_trim(http_body(request));
    *out = (Str){0};
    if (!str_starts(text, STR("{"))) {
        *out = form_value(request, name);
        return OK;
    }
    TRY(hub_body_json(request, &body, err));
    *out = json_get_text(body, name);
    return OK;
}

/* ---- POST /v1/device/code ---- */

static Str code_new(Arena *arena) {
    char letters[CODE_LETTERS];
    for (size_t i = 0; i < CODE_LETTERS; i++) {
        unsigned char byte = 0;
        do random_secret(&byte, 1);
        while (byte >= 256 - 256 % (sizeof(code_letters) - 1));
        letters[i] = code_letters[byte % (sizeof(code_letters) - 1)];
    }
    return str_copy(arena, (Str){letters, CODE_LETTERS});
}

static Str code_shown(Arena *arena, Str code) {
    return str_print(arena, "%.4s-%.4s", code.at, code.at + CODE_LETTERS / 2);
}

/* Letters of either case, with or without the dash or spaces. */
static Str code_typed(Arena *arena, Str typed) {
    Buf letters = buf_new(CODE_LETTERS);
    for (size_t i = 0; i < typed.len; i++)
        if (isalpha((unsigned char)typed.at[i]))
            buf_add_byte(&letters, (char)toupper((unsigned char)typed.at[i]));
    Str code = str_copy(arena, letters.over ? STR("") : buf_str(&letters));
    buf_free(&letters);
    return code;
}

static Status code_free(StoreTx *tx, Arena *arena, Str *out, Err *err) {
    for (int i = 0; i < CODE_ATTEMPTS; i++) {
        StoreCode taken;
        *out = code_new(arena);
        Status status = tx->verbs->code_find_user(tx, *out, arena, &taken, err);
        if (status == E_NOTFOUND) return OK;
        if (status != OK) return status;
    }
    return err_set(err, E_LIMIT, "no free code: try again later");
}

static Status code_rate(HttpRequest *request, StoreTx *tx, Millis now, Err *err) {
    int64_t pending = 0;
    if (!rates_take(hub_of(request)->enrol_rate, str_of(http_address(request)), 1, now)) {
        http_set_header(request, "Retry-After", STR("60"));
        return err_set(err, E_LIMIT, "too many codes in a minute from this address");
    }
    TRY(tx->verbs->code_purge(tx, now - CODE_LIFE_S * SECOND_MS, &pending, err));
    return pending < CODES_PENDING_MAX ? OK
                                       : err_set(err, E_LIMIT, "too many devices are waiting to be approved");
}

static void code_answer(HttpRequest *request, Str device_code, Str user_code) {
    Arena *arena = http_arena(request);
    Json *answer = json_new_map(arena);
    const char *public_url = hub_of(request)->options.public_url;
    const char *url = public_url ? public_url : http_url(http_server(request));
    Str shown = code_shown(arena, user_code);
    json_put_text(arena, answer, "device_code", device_code);
    json_put_text(arena, answer, "user_code", shown);
    json_put_text(arena, answer, "verification_uri", str_print(arena, "%s/enrol", url));
    json_put_text(arena, answer, "verification_uri_complete",
                  str_print(arena, "%s/enrol?code=%s", url, shown.at));
    json_put_int(arena, answer, "expires_in", CODE_LIFE_S);
    json_put_int(arena, answer, "interval", POLL_INTERVAL_S);
    hub_reply_json(request, 200, answer);
}

Status handle_device_code(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Arena *arena = http_arena(request);
    Millis now = hub_now(hub_of(request));
    Str secret = token_new(arena);
    StoreCode code = {.hash = token_hash(arena, secret),
                      .address = str_of(http_address(request)),
                      .state = STR("pending"),
                      .expires_at = now + CODE_LIFE_S * SECOND_MS};
    TRY(body_value(request, "public_key", &code.public_key, err));
    if (code.public_key.len > PUBLIC_KEY_MAX) return err_set_field(err, "public_key", "the key is too long");
    TRY(hub_write(request, &tx, err));
    TRY(code_rate(request, tx, now, err));
    TRY(code_free(tx, arena, &code.user_code, err));
    TRY(tx->verbs->code_put(tx, &code, err));
    TRY(hub_commit(request, tx, err));
    code_answer(request, secret, code.user_code);
    return OK;
}

/* ---- POST /v1/device/token ---- */

static Status token_error(HttpRequest *request, const char *error) {
    Json *answer = json_new_map(http_arena(request));
    json_put_text(http_arena(request), answer, "error", str_of(error));
    hub_reply_json(request, 400, answer);
    return OK;
}

static Status token_pending(HttpRequest *request, StoreTx *tx, StoreCode *code, Millis now, Err *err) {
    bool hasty = now - code->polled_at < POLL_INTERVAL_S * SECOND_MS - POLL_TOLERANCE_MS;
    code->polled_at = now;
    TRY(tx->verbs->code_put(tx, code, err));
    TRY(hub_commit(request, tx, err));
    return token_error(request, hasty ? "slow_down" : "authorization_pending");
}

/* Was the token of this device used already? Then the device has it, and whoever polls is late or somebody
 * else. */
static Status token_is_used(StoreTx *tx, const Device *device, Arena *arena, bool *used, Err *err) {
    StoreToken token = {0};
    Status status = tx->verbs->token_find(tx, device->token_hash, arena, &token, err);
    *used = status == OK && (token.used || token.revoked);
    return status == E_NOTFOUND ? OK : status;
}

/* A lost answer strands nobody: each poll makes a fresh token and forgets the one before. */
static Status token_issue(StoreTx *tx, Device *device, Millis now, Arena *arena, Str *secret, Err *err) {
    *secret = token_new(arena);
    StoreToken token = {.hash = token_hash(arena, *secret),
                        .role = STR("device"),
                        .subject = device->meta.id,
                        .created_at = now};
    TRY(tx->verbs->token_drop(tx, token.role, token.subject, err));
    TRY(tx->verbs->token_put(tx, &token, err));
    device->token_hash = token.hash;
    return records_put(&tx->records, K_device, device, arena, err);
}

static Status token_give(HttpRequest *request, StoreTx *tx, const StoreCode *code, Millis now, Err *err) {
    Arena *arena = http_arena(request);
    Device device;
    bool used = false;
    Str secret;
    TRY(records_get(&tx->records, K_device, code->device, &device, arena, err));
    TRY(token_is_used(tx, &device, arena, &used, err));
    if (used || device.state == DeviceState_revoked) return token_error(request, "expired_token");
    TRY(token_issue(tx, &device, now, arena, &secret, err));
    TRY(hub_commit(request, tx, err));
    Json *answer = json_new_map(arena);
    json_put_text(arena, answer, "access_token", secret);
    json_put_text(arena, answer, "token_type", STR("Bearer"));
    json_put_text(arena, answer, "device", code->device);
    json_put_text(arena, answer, "hub_key", hub_of(request)->seal_public);
    hub_reply_json(request, 200, answer);
    return OK;
}

Status handle_device_token(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Arena *arena = http_arena(request);
    Millis now = hub_now(hub_of(request));
    Str secret;
    StoreCode code;
    TRY(body_value(request, "device_code", &secret, err));
    if (!secret.at) return token_error(request, "invalid_request");
    TRY(hub_write(request, &tx, err));
    Status status = tx->verbs->code_find(tx, token_hash(arena, secret), arena, &code, err);
    if (status == E_NOTFOUND) return token_error(request, "expired_token");
    if (status != OK) return status;
    if (code.expires_at <= now) return token_error(request, "expired_token");
    if (str_is(code.state, "denied")) return token_error(request, "access_denied");
    if (str_is(code.state, "pending")) return token_pending(request, tx, &code, now, err);
    return token_give(request, tx, &code, now, err);
}

/* ---- POST /v1/devices/approve, /refuse ---- */

static Status approval_find(HttpRequest *request, StoreTx *tx, const Json *body, StoreCode *code, Err *err) {
    Arena *arena = http_arena(request);
    Str typed = code_typed(arena, json_get_text(body, "user_code"));
    TRY(tx->verbs->code_find_user(tx, typed, arena, code, err));
    if (code->expires_at <= hub_now(hub_of(request))) return err_set(err, E_NOTFOUND, "the code is too old");
    if (!str_is(code->state, "pending")) return err_set(err, E_EXISTS, "the code was answered already");
    return OK;
}

static Status approval_device(HttpRequest *request, StoreTx *tx, const Json *body, Device *device, Err *err) {
    Arena *arena = http_arena(request);
    Site site;
    Uuid id = uuid_secret(hub_now(hub_of(request)));
    schema_clear(K_device, device);
    device->name = str_trim(json_get_text(body, "name"));
    device->site = json_get_text(body, "site");
    if (device->name.len == 0 || device->name.len > TEXT_FIELD_MAX)
        return err_set_field(err, "name", "the device needs a name");
    if (!device->site.at || records_get(&tx->records, K_site, device->site, &site, arena, err) != OK)
        return err_set_field(err, "site", "there is no such site");
    device->org = site.org;
    device->state = DeviceState_active;
    device->token_hash = STR("");
    device->meta.id = str_copy(arena, (Str){id.text, UUID_LEN});
    device->meta.scope = scope_join(arena, "device", device->meta.id);
    return hub_may_write(request, tx, K_device, device->meta.scope, device->org, err);
}

static Status keyring_put(StoreTx *tx, Str org, Str device, Arena *arena, Err *err) {
    Keyring keyring;
    schema_clear(K_keyring, &keyring);
    TRY(hub_salt(tx, org, arena, &keyring.badge_salt, err));
    keyring.meta.id = id_join(arena, org, device);
    keyring.meta.scope = scope_join(arena, "device", device);
    return records_put(&tx->records, K_keyring, &keyring, arena, err);
}

static Status approval_write(HttpRequest *request, StoreTx *tx, StoreCode *code, Device *device, Err *err) {
    Arena *arena = http_arena(request);
    code->state = STR("approved");
    code->device = device->meta.id;
    TRY(records_put(&tx->records, K_device, device, arena, err));
    TRY(keyring_put(tx, device->org, device->meta.id, arena, err));
    TRY(tx->verbs->code_put(tx, code, err));
    return hub_audit(request, tx, "device approved", device->meta.id, err);
}

Status handle_device_approve(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Arena *arena = http_arena(request);
    Json *body = NULL, *answer = json_new_map(arena);
    StoreCode code;
    Device device;
    TRY(hub_body_json(request, &body, err));
    TRY(hub_write(request, &tx, err));
    TRY(approval_find(request, tx, body, &code, err));
    TRY(approval_device(request, tx, body, &device, err));
    TRY(approval_write(request, tx, &code, &device, err));
    TRY(hub_commit(request, tx, err));
    json_put_text(arena, answer, "device", device.meta.id);
    json_put_text(arena, answer, "name", device.name);
    json_put_text(arena, answer, "site", device.site);
    json_put_text(arena, answer, "org", device.org);
    json_put_text(arena, answer, "address", code.address);
    hub_reply_json(request, 200, answer);
    return OK;
}

Status handle_device_refuse(HttpRequest *request, Err *err) {
    AUTO(store_end_auto) StoreTx *tx = NULL;
    Json *body = NULL;
    StoreCode code;
    TRY(hub_body_json(request, &body, err));
    TRY(hub_write(request, &tx, err));
    TRY(approval_find(request, tx, body, &code, err));
    code.state = STR("denied");
    TRY(tx->verbs->code_put(tx, &code, err));
    TRY(hub_audit(request, tx, "device refused", code.address, err));
    TRY(hub_commit(request, tx, err));
    http_reply(request, 204, NULL, STR(""));
    return OK;
}
