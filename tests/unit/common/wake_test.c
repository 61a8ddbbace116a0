/* Who is poked, and when. */
#include "common/replica/files.h"
#include "common/replica/wake.h"
#include "tests/harness/replica_kit.h"

static void a_change_pokes_the_kiosk_and_a_contact_does_not(void **state) {
    (void)state;
    AUTO(kit_free_auto) Kit *kit = kit_new();
    Wake *kiosk = NULL;
    Err err = {0};
    kit_pull(kit);
    check_ok(wake_open(&kiosk, kit->dir.path, KIOSK_SOCKET, &err));
    fake_put(kit->hub, "page", "a", "public", "{\"order\":1}");
    kit_pull(kit);
    check(wake_drain(kiosk));
    check_ok(replica_note_contact(kit->replica, clock_wall(&kit->clock.base) + HOUR_MS, &err));
    check(!wake_drain(kiosk)); /* the minute tells how fresh it is */
    wake_close(kiosk);
}

static void a_name_is_taken_over_after_a_crash(void **state) {
    (void)state;
    AUTO(test_dir_remove) TestDir dir = test_dir_new();
    Wake *dead = NULL, *again = NULL;
    Err err = {0};
    wake_poke(dir.path, KIOSK_SOCKET); /* nobody there is no error */
    check_ok(wake_open(&dead, dir.path, KIOSK_SOCKET, &err));
    check_ok(wake_open(&again, dir.path, KIOSK_SOCKET, &err));
    wake_poke(dir.path, KIOSK_SOCKET);
    check(wake_drain(again));
    check(!wake_drain(again));
    wake_close(dead);
    wake_close(again);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_pokes_the_kiosk_and_a_contact_does_not),
        cmocka_unit_test(a_name_is_taken_over_after_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
