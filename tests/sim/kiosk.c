/* A kiosk: syncd and the screen on one disk, and how they die. */
#include "tests/sim/world.h"

#include "common/replica/files.h"
#include "common/replica/identity.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool kiosk_lives(const Kiosk *kiosk) {
    return kiosk->exists && kiosk->session;
}

/* ---- beginning ---- */
static void told(void *to, bool trouble, const char *text) {
    World *world = to;
    (void)trouble;
    bool wrong_sum = strstr(text, "do not add up") != NULL;
    if (wrong_sum) world_count(world, SITUATION_load_again);
    if (wrong_sum && world->flips == 0) world_fail(world, "a sum was wrong, and nobody had flipped a bit");
    world_say(world, "    says: %.60s", text);
}

static Status start(World *world, Kiosk *kiosk, Err *err) {
    SessionOptions options = {
        .version = "sim", .seed = rng_next(&world->rng), .tell = told, .tell_to = world};
    TRY(replica_open(&kiosk->replica, kiosk->dir, &kiosk->clock.base, err));
    TRY(session_open(&kiosk->session, kiosk->replica, &options, err));
    if (kiosk->view) return OK;
    return view_open(&kiosk->view, kiosk->dir, &kiosk->clock.base, err);
}

static void close_syncd(Kiosk *kiosk) {
    for (int lane = 0; lane < LANE_COUNT; lane++) wire_forget(&kiosk->wires[lane]);
    session_close(kiosk->session);
    replica_close(kiosk->replica);
    kiosk->session = NULL;
    kiosk->replica = NULL;
}

/* What a disk that fails or is full keeps from starting, starts later. */
void kiosk_start(World *world, Kiosk *kiosk) {
    Err err = {0};
    kiosk->starts++;
    Status status = start(world, kiosk, &err);
    kiosk->down = status != OK;
    if (status == OK) return;
    close_syncd(kiosk);
    bool of_the_disk = status == E_FULL || status == E_IO || status == E_READONLY;
    world_say(world, "  k%d does not start: %s", kiosk->number, status_name(status));
    if (!of_the_disk)
        world_fail(world, "k%d does not start: %s: %s", kiosk->number, status_name(status), err.text);
    if (disk_is_dead(kiosk->syncd_disk)) disk_revive(kiosk->syncd_disk, false, 0);
}

static void make_identity(World *world, Kiosk *kiosk) {
    Err err = {0};
    Identity identity = {0};
    mkdir(kiosk->dir, 0700);
    Status status = identity_set_hubs(&identity, world->arena, STR("http://127.0.0.1:1"), &err);
    if (status == OK) status = identity_write(kiosk->dir, &identity, &err);
    if (status != OK) world_fail(world, "the identity of k%d: %s", kiosk->number, err.text);
}

static Kiosk *kiosk_room(World *world) {
    for (int i = 0; i < KIOSKS_MAX; i++) {
        Kiosk *kiosk = &world->kiosks[i];
        if (kiosk->exists) continue;
        kiosk->exists = true;
        kiosk->number = i;
        kiosk->clock = hand_clock(world->now);
        kiosk->clock.steady_ms = world->steady;
        snprintf(kiosk->dir, sizeof(kiosk->dir), "%s/k%d", world->dir, i);
        kiosk->syncd_disk = disk_process(str_print(world->arena, "%s/%s/", world->root, kiosk->dir).at);
        kiosk->screen_disk =
            disk_process(str_print(world->arena, "%s/%s/outbox", world->root, kiosk->dir).at);
        return kiosk;
    }
    return NULL;
}

Kiosk *kiosk_new(World *world) {
    Kiosk *kiosk = kiosk_room(world);
    if (!kiosk) return NULL;
    make_identity(world, kiosk);
    kiosk_start(world, kiosk);
    return kiosk;
}

/* ---- dying ---- */
static void stop_screen(Kiosk *kiosk, bool power_cut, size_t kept) {
    disk_kill(kiosk->screen_disk);
    view_close(kiosk->view);
    kiosk->view = NULL;
    check_forget(kiosk);
    disk_revive(kiosk->screen_disk, power_cut, kept);
}

/* syncd alone, or with the power everything. */
void kiosk_stop(World *world, Kiosk *kiosk, bool power_cut, size_t kept) {
    (void)world;
    disk_kill(kiosk->syncd_disk);
    close_syncd(kiosk);
    if (power_cut) stop_screen(kiosk, true, kept);
    disk_revive(kiosk->syncd_disk, power_cut, kept);
}

void kiosk_kill(World *world, Kiosk *kiosk, bool power_cut, size_t kept) {
    kiosk_stop(world, kiosk, power_cut, kept);
    kiosk_start(world, kiosk);
    if (power_cut) ledger_scan(world, kiosk, NULL);
}

void kiosk_check_disk(World *world, Kiosk *kiosk) {
    if (!disk_is_dead(kiosk->syncd_disk)) return;
    world_count(world, SITUATION_crash_syncd_write);
    world_say(world, "  k%d: syncd dies at a write", kiosk->number);
    kiosk_kill(world, kiosk, false, 0);
}

static void reopen_view(World *world, Kiosk *kiosk) {
    Err err = {0};
    if (kiosk->view) return;
    Status status = view_open(&kiosk->view, kiosk->dir, &kiosk->clock.base, &err);
    if (status != OK) world_fail(world, "the view of k%d: %s", kiosk->number, err.text);
}

static void check_screen(World *world, Kiosk *kiosk) {
    if (!disk_is_dead(kiosk->screen_disk)) return;
    world_count(world, SITUATION_crash_screen_write);
    world_say(world, "  k%d: the screen dies at a write", kiosk->number);
    stop_screen(kiosk, false, 0);
    reopen_view(world, kiosk);
}

/* ---- copying a disk ---- */
static void copy_file(const char *from, const char *to) {
    char bytes[64 * 1024];
    int in = open(from, O_RDONLY | O_CLOEXEC), out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    for (ssize_t got; in >= 0 && out >= 0 && (got = read(in, bytes, sizeof(bytes))) > 0;)
        if (write(out, bytes, (size_t)got) != got) break;
    if (in >= 0) close(in);
    if (out >= 0) close(out);
}

static void copy_link(const char *from, const char *to) {
    char target[128];
    ssize_t length = readlink(from, target, sizeof(target) - 1);
    if (length <= 0) return;
    target[length] = '\0';
    if (symlink(target, to)) return;
}

static void copy_entry(World *world, const Kiosk *from, const Kiosk *to, const char *name) {
    struct stat info;
    const char *source = path_join(world->arena, from->dir, name),
               *target = path_join(world->arena, to->dir, name);
    if (str_ends(str_of(name), STR("-shm")) || lstat(source, &info)) return;
    if (S_ISREG(info.st_mode)) copy_file(source, target);
    if (S_ISLNK(info.st_mode)) copy_link(source, target);
}

static void copy_dir(World *world, const Kiosk *from, const Kiosk *to) {
    Err err = {0};
    const char **names = NULL;
    size_t count = 0;
    mkdir(to->dir, 0700);
    if (dir_list(world->arena, from->dir, 1000, &names, &count, &err) != OK)
        world_fail(world, "copying a disk: %s", err.text);
    for (size_t i = 0; i < count; i++) copy_entry(world, from, to, names[i]);
}

void kiosk_clone(World *world, Kiosk *kiosk) {
    Kiosk *copy = kiosk_room(world);
    if (!copy) return;
    kiosk_stop(world, kiosk, true, SIZE_MAX);
    copy_dir(world, kiosk, copy);
    kiosk_start(world, kiosk);
    kiosk_start(world, copy);
    world_count(world, SITUATION_clone_made);
    ledger_clone(world, kiosk, copy);
}

/* ---- people ---- */
static const Json *args_of(Arena *arena, ActKind act, int event, int person) {
    Json *args = json_new_map(arena);
    if (act != ACT_TICK) {
        json_put_text(arena, args, "event", str_of(world_event(event)));
        return args;
    }
    json_put_text(arena, args, "run", str_print(arena, "%s~terrain", world_person(person)));
    json_put_text(arena, args, "step", str_print(arena, "terrain~%d", event));
    json_put_bool(arena, args, "done", true);
    return args;
}

void kiosk_act(World *world, Kiosk *kiosk, ActKind act, int event, int person) {
    static const char *const names[] = {"register", "cancel", "tick"};
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    Performed done = {0};
    reopen_view(world, kiosk);
    if (!kiosk->view) return;
    Status status = view_perform(kiosk->view, names[act], str_of(world_person(person)), STR("badge"),
                                 args_of(arena, act, event, person), true, &done, &err);
    world_say(world, "  k%d %s e%d p%d: %s", kiosk->number, names[act], event, person, status_name(status));
    bool full = status == E_FULL;
    if (full) world_count(world, SITUATION_disk_full_screen);
    if (status != OK && !full && status != E_IO)
        world_fail(world, "k%d cannot keep an op: %s: %s", kiosk->number, status_name(status), err.text);
    check_screen(world, kiosk);
    ledger_scan(world, kiosk, status == OK ? done.op.text : NULL);
    if (kiosk_lives(kiosk)) session_poke(kiosk->session, clock_steady(&kiosk->clock.base));
    kiosk_check_disk(world, kiosk);
}

void kiosk_look(World *world, Kiosk *kiosk) {
    Err err = {0};
    KindSet changed = 0;
    reopen_view(world, kiosk);
    if (!kiosk->view) return;
    Status status = view_refresh(kiosk->view, &changed, &err);
    if (status != OK && status != E_IO && status != E_FULL)
        world_fail(world, "the view of k%d: %s: %s", kiosk->number, status_name(status), err.text);
    check_screen(world, kiosk);
    ledger_check_outbox(world, kiosk);
}

void kiosk_request(World *world, Kiosk *kiosk, const char *verb, const char *text) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    Json *args = NULL;
    reopen_view(world, kiosk);
    if (!kiosk->view || !kiosk_lives(kiosk) || json_parse(arena, str_of(text), &args, &err) != OK) return;
    Status status = view_request(kiosk->view, verb, args, &err);
    world_say(world, "  k%d asks to %s: %s", kiosk->number, verb, status_name(status));
    check_screen(world, kiosk);
    session_poke(kiosk->session, clock_steady(&kiosk->clock.base));
    kiosk_check_disk(world, kiosk);
}
