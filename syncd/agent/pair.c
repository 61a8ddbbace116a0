/* Pairing (PROTOCOL 6, RFC 8628): a code is shown, an administrator approves it, the token comes. */
#include "syncd/agent/inside.h"

#include "common/wire/secret.h"

#include <stdio.h>
#include <string.h>

enum { INTERVAL_LEAST_MS = 200, INTERVAL_MAX_MS = MINUTE_MS };

/* A kiosk that has hubs but no token asks by itself; a revoked one waits until somebody asks for it. */
bool pairing_is_wanted(Session *session) {
    if (session->pairing.active) return true;
    if (session->pairing_over && session->options.pair_only) return false;
    if (session->identity.hub_count == 0) return false;
    return session->standing == STANDING_UNPAIRED || session->standing == STANDING_UNKNOWN ||
           (session->options.pair_only && session->standing != STANDING_PAIRED);
}

TalkKind pairing_next(Session *session) {
    Pairing *pairing = &session->pairing;
    if (!pairing->active || session->now >= pairing->expires_at) return TALK_CODE;
    return session->now >= pairing->next_at ? TALK_TOKEN : TALK_NONE;
}

static void show(Session *session, const char *state) {
    const Pairing *pairing = &session->pairing;
    PairingShown shown = {.code = str_of(pairing->code), .uri = str_of(pairing->uri), .state = state};
    if (pairing->active) shown.expires_in_ms = pairing->expires_at - session->now;
    Err err = {0};
    if (replica_show_pairing(session->replica, &shown, &err) != OK)
        session_say(session, true, "%s", err.text);
}

/* Somebody asked: whatever is under way begins anew. */
Status pairing_begin(Session *session, Err *err) {
    session->pairing = (Pairing){0};
    session->pairing_over = false;
    session->pairing_count++;
    session->standing = STANDING_UNPAIRED;
    session->lanes[LANE_PUSH].not_before = INT64_MIN;
    return replica_set_standing(session->replica, STANDING_UNPAIRED, err);
}

/* ---- POST device/code ---- */
static Status keep_key(Session *session, Err *err) {
    Identity *identity = &session->identity;
    if (identity->public_key.at) return OK;
    TRY(secret_init(err));
    sealing_key_new(session->identity_arena, &identity->public_key, &identity->secret_key);
    return identity_write(replica_dir(session->replica), identity, err);
}

static Str written(Arena *arena, const Json *map) {
    AUTO(buf_free) Buf text = buf_new(ANSWER_MAX);
    json_write(&text, map);
    return str_copy(arena, buf_str(&text));
}

Status code_write(Session *session, Lane *lane, SessionRequest *out, Err *err) {
    TRY(keep_key(session, err));
    session->pairing = (Pairing){0};
    Json *map = json_new_map(lane->arena);
    json_put_text(lane->arena, map, "client_id", STR("syncd"));
    json_put_text(lane->arena, map, "public_key", session->identity.public_key);
    out->post = true;
    out->token = NULL;
    out->url = session_url(session, lane, "device/code");
    out->content_type = "application/json";
    out->body = written(lane->arena, map);
    return OK;
}

static void set_text(char *to, size_t size, Str text) {
    snprintf(to, size, "%.*s", STR_FORMAT(text));
}

Status code_done(Session *session, Lane *lane, Err *err) {
    Json *answer = NULL;
    Pairing *pairing = &session->pairing;
    TRY(answer_json(lane, &answer, err));
    Str uri = json_get_text(answer, "verification_uri_complete");
    set_text(pairing->device_code, sizeof(pairing->device_code), json_get_text(answer, "device_code"));
    set_text(pairing->code, sizeof(pairing->code), json_get_text(answer, "user_code"));
    set_text(pairing->uri, sizeof(pairing->uri), uri.at ? uri : json_get_text(answer, "verification_uri"));
    if (!pairing->device_code[0] || !pairing->code[0]) return err_set(err, E_INVALID, "the hub gave no code");
    pairing->interval_ms = json_get_int(answer, "interval", 5) * SECOND_MS;
    if (pairing->interval_ms < INTERVAL_LEAST_MS) pairing->interval_ms = INTERVAL_LEAST_MS;
    if (pairing->interval_ms > INTERVAL_MAX_MS) pairing->interval_ms = INTERVAL_MAX_MS;
    pairing->next_at = session->now + pairing->interval_ms;
    pairing->expires_at = session->now + json_get_int(answer, "expires_in", 600) * SECOND_MS;
    pairing->active = true;
    show(session, "waiting");
    session_say(session, false, "code %s, to be approved at %s", pairing->code, pairing->uri);
    return OK;
}

/* ---- POST device/token ---- */
Status token_write(Session *session, Lane *lane, SessionRequest *out, Err *err) {
    (void)err;
    Json *map = json_new_map(lane->arena);
    json_put_text(lane->arena, map, "client_id", STR("syncd"));
    json_put_text(lane->arena, map, "grant_type", STR("urn:ietf:params:oauth:grant-type:device_code"));
    json_put_text(lane->arena, map, "device_code", str_of(session->pairing.device_code));
    out->post = true;
    out->token = NULL;
    out->url = session_url(session, lane, "device/token");
    out->content_type = "application/json";
    out->body = written(lane->arena, map);
    session->pairing.next_at = session->now + session->pairing.interval_ms;
    return OK;
}

/* The token first: with it alone a crash is made good (session_open), without it the device is lost. */
Status token_done(Session *session, Lane *lane, Err *err) {
    Json *answer = NULL;
    Identity *identity = &session->identity;
    TRY(answer_json(lane, &answer, err));
    Str token = json_get_text(answer, "access_token"), device = json_get_text(answer, "device");
    if (!token.len || !id_is_valid(device)) return err_set(err, E_INVALID, "the hub gave no token");
    identity->token = str_copy(session->identity_arena, token);
    identity->device = str_copy(session->identity_arena, device);
    TRY(identity_write(replica_dir(session->replica), identity, err));
    TRY(replica_paired(session->replica, device, err));
    TRY(replica_note_hub_key(session->replica, json_get_text(answer, "hub_key"), err));
    session->standing = STANDING_PAIRED;
    session->caught_up = false;
    session->pairing = (Pairing){0};
    session->pairing_over = true;
    session->pairing_count++;
    lane->pairing = session->pairing_count;
    session_start_over(session);
    show(session, "approved");
    session_say(session, false, "paired as device %.*s", STR_FORMAT(device));
    return session_read_counts(session, err);
}

static Status end_pairing(Session *session, const char *state, const char *text) {
    session->pairing = (Pairing){0};
    show(session, state);
    session_note_error(session, text);
    session->pairing_over = true;
    return OK;
}

/* authorization_pending, slow_down, expired_token, access_denied: as the RFC says. */
Status token_refused(Session *session, Lane *lane, Err *err) {
    if (lane->http_status != 400) return err->status;
    if (strcmp(err->code, "authorization_pending") == 0) return OK;
    if (strcmp(err->code, "slow_down") == 0) {
        session->pairing.interval_ms += 5 * SECOND_MS;
        session->pairing.next_at += 5 * SECOND_MS;
        return OK;
    }
    if (strcmp(err->code, "expired_token") == 0) {
        session->pairing = (Pairing){0}; /* a new code is asked for */
        return OK;
    }
    if (strcmp(err->code, "access_denied") != 0) return err->status;
    session->standing = STANDING_REVOKED;
    return end_pairing(session, "denied", "the administrator refused this device");
}
