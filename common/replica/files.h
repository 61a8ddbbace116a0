/* The folder of a replica: which file is whose (ARCHITECTURE, One writer per file).
 *
 *   replica.db    symbolic link to replica-<n>.db    written by syncd alone
 *   outbox.db                                        written by the kiosk alone
 *   search.db                                        written by the kiosk alone, made again at will
 * (search.h) identity      token, hub addresses (0600)        written by syncd alone blobs/<sha256> written
 * by syncd alone syncd.lock                                       held by the one syncd that may write
 *   kiosk.sock, syncd.sock                           datagram sockets: pokes (wake.h) */
#pragma once

#define REPLICA_LINK "replica.db"
#define OUTBOX_FILE "outbox.db"
#define SEARCH_FILE "search.db"
#define IDENTITY_FILE "identity"
#define BLOBS_DIR "blobs"
#define KIOSK_SOCKET "kiosk.sock"
#define SYNCD_SOCKET "syncd.sock"
#define SYNCD_LOCK "syncd.lock"
