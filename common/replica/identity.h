/* DIR/identity: who this replica is at which hub. 0600, for it holds the token. Written by syncd alone. */
#pragma once

#include "common/base/str.h"

enum { HUB_URLS_MAX = 8 };

typedef struct Identity {
    const char *hubs[HUB_URLS_MAX]; /* in order of preference, without a slash at the end */
    size_t hub_count;
    bool insecure_lan; /* plain HTTP beyond loopback was allowed */
    Str device, token; /* absent until paired */
    Str public_key, secret_key;
} Identity;

/* A missing file is OK and leaves all absent. */
CHECKED Status identity_read(const char *dir, Arena *arena, Identity *out, Err *err);
CHECKED Status identity_write(const char *dir, const Identity *identity, Err *err);

/* "https://a,https://b" into identity->hubs. E_INVALID: no URL; plain HTTP beyond loopback is E_DENIED unless
 * insecure_lan. */
CHECKED Status identity_set_hubs(Identity *identity, Arena *arena, Str list, Err *err);
