/* Pokes: an empty Unix datagram sent after COMMIT, so that the other program looks at the files
 * (ARCHITECTURE). A wake-up carries no data; a lost one costs latency, never truth. */
#pragma once

#include "common/base/err.h"

typedef struct Wake Wake;

/* Binds `socket_name` in the replica's folder; a socket left by a dead process is replaced. */
CHECKED Status wake_open(Wake **out, const char *dir, const char *socket_name, Err *err);
void wake_close(Wake *wake);   /* NULL is fine */
int wake_fd(const Wake *wake); /* readable when poked */
bool wake_drain(Wake *wake);   /* takes all waiting pokes; true when there was one */

/* Pokes whoever has bound that name; nobody there is no error. */
void wake_poke(const char *dir, const char *socket_name);
