/* A whole kiosk without a display, over a replica fed from a hub in memory: what golden lists and journeys
 * run on. */
#pragma once

#include "kiosk/app/robot.h"
#include "tests/harness/replica_kit.h"

typedef struct KioskKit {
    Kit *kit;
    App *app; /* NULL until kiosk_kit_start */
    HandClock clock;
    Machine machine; /* what its technician is shown; set by kiosk_kit_start */
} KioskKit;

/* Records as {"kind","id","scope","doc"} lines; those of scopes this device is not granted are left out by
 * the hub in memory. Device d1 stands in the town hall of Orléans. */
KioskKit *kiosk_kit_new(const char *records_path, const char *now);
/* Paired, and nothing loaded yet. */
KioskKit *kiosk_kit_new_empty(const char *now);
/* What the hub has comes down, and the kiosk is poked. */
void kiosk_kit_load(KioskKit *kiosk, const char *records_path);
void kiosk_kit_free(KioskKit *kiosk);
void kiosk_kit_free_auto(KioskKit **kiosk);

void kiosk_kit_start(KioskKit *kiosk, int width_px, int height_px, Lang lang);
void kiosk_kit_stop(KioskKit *kiosk);

/* Runs robot commands; fails the test with what was visible. */
void kiosk_kit_run(KioskKit *kiosk, const char *script);
/* The same, giving the status back. */
Status kiosk_kit_try(KioskKit *kiosk, const char *script, Err *err);

/* Puts records of a file into the hub in memory. */
void kiosk_kit_put_all(FakeHub *hub, const char *records_path);

/* A screen opened over home, as if it had been reached by touching; arg may be NULL. */
void kiosk_kit_open(KioskKit *kiosk, ScreenId screen, const char *arg);
/* The hub takes the ops that were made, and confirms the registration of Nadia B. for that event. */
#define KIOSK_KIT_NADIA "860ed998-b512-8923-86bf-a7e72b75ecb3"
void kiosk_kit_confirm(KioskKit *kiosk, const char *event);
/* The hub takes them and answers each with that word. */
void kiosk_kit_answer(KioskKit *kiosk, const char *verdict);
Str kiosk_kit_dump(KioskKit *kiosk); /* the display list, in the kit's arena */
