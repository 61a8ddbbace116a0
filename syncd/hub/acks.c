/* What devices acknowledge (PROTOCOL 10) and say at hello (PROTOCOL 5): gathered in memory, written now and
 * then, at most once an hour for one device. What is lost with the process only keeps `left` lines longer. */
#include "syncd/hub/inside.h"

#include <stdlib.h>

enum { ACK_BUCKETS = 4096, ACK_CURSOR_MAX = SCOPES_MAX * (SCOPE_MAX + 24), ACK_NAME_MAX = 256 };

typedef struct Entry Entry;
struct Entry {
    Entry *next;
    Buf device, cursor, epoch, incarnation;
    int64_t last;
    Millis seen;
    Millis due;           /* wall: not to be written before */
    uint64_t told, taken; /* changes so far; how many of them are being written */
    bool fresh;           /* something of it is not yet written */
};

struct Acks {
    pthread_mutex_t mutex;
    Entry *buckets[ACK_BUCKETS];
};

Acks *acks_open(void) {
    Acks *acks = calloc(1, sizeof(*acks));
    if (!acks) abort();
    pthread_mutex_init(&acks->mutex, NULL);
    return acks;
}

static void entry_close(Entry *entry) {
    buf_free(&entry->device);
    buf_free(&entry->cursor);
    buf_free(&entry->epoch);
    buf_free(&entry->incarnation);
    free(entry);
}

void acks_close(Acks *acks) {
    if (!acks) return;
    for (size_t i = 0; i < ACK_BUCKETS; i++)
        for (Entry *entry = acks->buckets[i], *next; entry; entry = next) {
            next = entry->next;
            entry_close(entry);
        }
    pthread_mutex_destroy(&acks->mutex);
    free(acks);
}

static Entry *entry_of(Acks *acks, Str device) {
    Entry **bucket = &acks->buckets[str_hash(device) % ACK_BUCKETS];
    for (Entry *entry = *bucket; entry; entry = entry->next)
        if (str_equal(buf_str(&entry->device), device)) return entry;
    Entry *entry = calloc(1, sizeof(*entry));
    if (!entry) abort();
    entry->device = buf_new(ACK_NAME_MAX);
    entry->cursor = buf_new(ACK_CURSOR_MAX);
    entry->epoch = buf_new(ACK_NAME_MAX);
    entry->incarnation = buf_new(ACK_NAME_MAX);
    buf_add(&entry->device, device);
    entry->next = *bucket;
    return *bucket = entry;
}

static void keep(Buf *buf, Str text) {
    if (!text.at) return;
    buf_clear(buf);
    buf_add(buf, text);
}

void acks_note(Acks *acks, const StoreAck *ack) {
    pthread_mutex_lock(&acks->mutex);
    Entry *entry = entry_of(acks, ack->device);
    if (ack->seen > entry->seen) entry->seen = ack->seen;
    keep(&entry->cursor, ack->cursor);
    keep(&entry->epoch, ack->epoch);
    keep(&entry->incarnation, ack->incarnation);
    if (ack->epoch.at) {
        entry->last = ack->last;
        entry->due = 0; /* hello is rare, and healing waits for it */
    }
    entry->told++;
    entry->fresh = true;
    pthread_mutex_unlock(&acks->mutex);
}

static Str told_part(const Buf *buf, Arena *arena) {
    return buf->len ? str_copy(arena, buf_str(buf)) : (Str){0};
}

static void entry_take(Entry *entry, Arena *arena, StoreAck *out) {
    entry->taken = entry->told;
    *out = (StoreAck){.device = told_part(&entry->device, arena),
                      .seen = entry->seen,
                      .cursor = told_part(&entry->cursor, arena),
                      .epoch = told_part(&entry->epoch, arena),
                      .incarnation = told_part(&entry->incarnation, arena),
                      .last = entry->last};
}

static bool is_due(const Entry *entry, Millis now) {
    return entry->fresh && now >= entry->due;
}

static size_t due_count(const Acks *acks, Millis now) {
    size_t count = 0;
    for (size_t i = 0; i < ACK_BUCKETS; i++)
        for (const Entry *entry = acks->buckets[i]; entry; entry = entry->next) count += is_due(entry, now);
    return count;
}

void acks_take(Acks *acks, Millis now, Arena *arena, StoreAck **out, size_t *count) {
    pthread_mutex_lock(&acks->mutex);
    *out = ARENA_ARRAY(arena, StoreAck, due_count(acks, now) + 1);
    *count = 0;
    for (size_t i = 0; i < ACK_BUCKETS; i++)
        for (Entry *entry = acks->buckets[i]; entry; entry = entry->next)
            if (is_due(entry, now)) entry_take(entry, arena, &(*out)[(*count)++]);
    pthread_mutex_unlock(&acks->mutex);
}

void acks_written(Acks *acks, const StoreAck *written, size_t count, Millis now) {
    pthread_mutex_lock(&acks->mutex);
    for (size_t i = 0; i < count; i++) {
        Entry *entry = entry_of(acks, written[i].device);
        entry->fresh = entry->told != entry->taken;
        entry->due = now + ACK_WRITTEN_EVERY_MS;
    }
    pthread_mutex_unlock(&acks->mutex);
}
