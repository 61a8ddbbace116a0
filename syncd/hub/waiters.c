/* Who waits for what. A change is published after its commit; whoever parks says which head it has read, and
 * is sent back to read again if a change beyond it was published in between: no wake-up falls between reading
 * and waiting. */
#include "syncd/hub/inside.h"

enum { BUCKETS = 4096 };

typedef struct ScopeEntry ScopeEntry;
struct ScopeEntry {
    ScopeEntry *next;
    Str scope;
    int64_t changed_at; /* head of the last commit that touched it */
    WaiterPlace *first;
};

struct Waiters {
    pthread_mutex_t mutex;
    Arena *arena; /* one entry per scope that anybody ever waited for or changed */
    ScopeEntry *buckets[BUCKETS];
};

Waiters *waiters_open(void) {
    Arena *arena = arena_open();
    Waiters *waiters = ARENA_NEW(arena, Waiters);
    waiters->arena = arena;
    pthread_mutex_init(&waiters->mutex, NULL);
    return waiters;
}

void waiters_close(Waiters *waiters) {
    if (!waiters) return;
    pthread_mutex_destroy(&waiters->mutex);
    arena_close(waiters->arena);
}

static ScopeEntry *entry_of(Waiters *waiters, Str scope) {
    ScopeEntry **bucket = &waiters->buckets[str_hash(scope) % BUCKETS];
    for (ScopeEntry *entry = *bucket; entry; entry = entry->next)
        if (str_equal(entry->scope, scope)) return entry;
    ScopeEntry *entry = ARENA_NEW(waiters->arena, ScopeEntry);
    entry->scope = str_copy(waiters->arena, scope);
    entry->next = *bucket;
    return *bucket = entry;
}

static void place_drop(WaiterPlace *place) {
    if (place->before)
        place->before->next = place->next;
    else
        place->entry->first = place->next;
    if (place->next) place->next->before = place->before;
}

static void place_add(WaiterPlace *place, Waiter *waiter, ScopeEntry *entry) {
    *place = (WaiterPlace){.next = entry->first, .waiter = waiter, .entry = entry};
    if (entry->first) entry->first->before = place;
    entry->first = place;
}

static bool changed_beyond(Waiters *waiters, const ScopeList *scopes, int64_t head) {
    for (size_t i = 0; i < scopes->count; i++)
        if (entry_of(waiters, scopes->at[i])->changed_at > head) return true;
    return false;
}

static void leave_locked(Waiter *waiter) {
    for (size_t i = 0; i < waiter->place_count; i++) place_drop(&waiter->places[i]);
    waiter->place_count = 0;
}

bool waiters_park(Waiters *waiters, Waiter *waiter, const ScopeList *scopes, int64_t head, Millis until,
                  bool *stopping) {
    WaiterPlace *places = ARENA_ARRAY(http_arena(waiter->request), WaiterPlace, scopes->count + 1);
    pthread_mutex_lock(&waiters->mutex);
    leave_locked(waiter);
    bool changed = changed_beyond(waiters, scopes, head);
    bool held = !changed && http_hold(waiter->request, until);
    if (held) {
        waiter->places = places;
        waiter->place_count = scopes->count;
        for (size_t i = 0; i < scopes->count; i++)
            place_add(&places[i], waiter, entry_of(waiters, scopes->at[i]));
    }
    pthread_mutex_unlock(&waiters->mutex);
    *stopping = !changed && !held;
    return held;
}

void waiters_leave(Waiters *waiters, Waiter *waiter) {
    pthread_mutex_lock(&waiters->mutex);
    leave_locked(waiter);
    pthread_mutex_unlock(&waiters->mutex);
}

void waiters_publish(Waiters *waiters, const StoreCommit *commit) {
    pthread_mutex_lock(&waiters->mutex);
    for (size_t i = 0; i < commit->scope_count; i++) {
        ScopeEntry *entry = entry_of(waiters, commit->scopes[i]);
        if (entry->changed_at >= commit->head) continue; /* was published before */
        entry->changed_at = commit->head;
        for (WaiterPlace *place = entry->first; place; place = place->next) http_wake(place->waiter->request);
    }
    pthread_mutex_unlock(&waiters->mutex);
}
