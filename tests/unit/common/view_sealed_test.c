/* Votes, ratings and declarations on a kiosk: sealed on the disk, provisional while the person is there. */
#include "common/replica/view.h"
#include "common/wire/secret.h"
#include "tests/harness/replica_kit.h"

#define PERSON "0192f0c1-7a00-7000-8000-00000000000a"
#define IDEA "0192f0c1-7a00-7000-8000-00000000001d"

typedef struct Place {
    Kit *kit;
    View *view;
    Str public_key, secret_key;
} Place;

static void place_close(Place *place) {
    view_close(place->view);
    kit_free(place->kit);
}

static void look(Place *place) {
    Err err = {0};
    view_close(place->view);
    place->view = NULL;
    check_ok(view_open(&place->view, place->kit->dir.path, &place->kit->clock.base, &err));
}

static Place place_open(bool with_key) {
    Err err = {0};
    Place place = {.kit = kit_new()};
    fake_put(place.kit->hub, "person", PERSON, "org:olivet",
             "{\"name\":\"Ada L.\",\"name_key\":\"ada l.\",\"org\":\"olivet\"}");
    fake_put(place.kit->hub, "idea", IDEA, "public",
             "{\"org\":\"olivet\",\"state\":\"visible\",\"text\":\"Un vélo\",\"votes\":3}");
    kit_pull(place.kit);
    sealing_key_new(place.kit->arena, &place.public_key, &place.secret_key);
    if (with_key) check_ok(replica_note_hub_key(place.kit->replica, place.public_key, &err));
    look(&place);
    return place;
}

static Status vote(Place *place, int value, Performed *done, Err *err) {
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Json *args = json_new_map(arena);
    json_put_text(arena, args, "idea", STR(IDEA));
    json_put_int(arena, args, "value", value);
    return view_perform(place->view, "vote", STR(PERSON), STR("badge"), args, false, done, err);
}

static int64_t votes(Place *place) {
    Err err = {0};
    Idea idea;
    check_ok(records_get(view_records(place->view), K_idea, STR(IDEA), &idea, place->kit->arena, &err));
    return idea.votes;
}

static int64_t pending(Place *place) {
    ViewHealth health;
    view_health(place->view, &health);
    return health.pending_ops;
}

static Str outbox_body(Place *place) {
    PushBody body = {0};
    Err err = {0};
    check_ok(replica_number_ops(place->kit->replica, &err));
    check_ok(replica_push_body(place->kit->replica, (Str){0}, 1, 10, place->kit->arena, &body, &err));
    return body.text;
}

static void a_vote_shows_at_once_and_stands_sealed_on_the_disk(void **state) {
    (void)state;
    AUTO(place_close) Place place = place_open(true);
    Err err = {0};
    Performed done = {0};
    check_ok(vote(&place, 1, &done, &err));
    check_int(done.predicted, VERDICT_done);
    check_int(votes(&place), 4);
    Str line, rest = outbox_body(&place);
    check(str_find(rest, STR(IDEA)) < 0 && str_find(rest, STR("value")) < 0);
    OpLine op = {0};
    const Json *args = NULL;
    str_cut(&rest, '\n', &line), str_cut(&rest, '\n', &line);
    check_ok(op_line_read(place.kit->arena, line, &op, &err));
    check_ok(op_args_open(place.kit->arena, place.public_key, place.secret_key, op.id, op.args, &args, &err));
    check_text(json_get_text(args, "idea"), IDEA);
    check_int(json_get_int(args, "value", 0), 1);
}

static void a_second_vote_is_predicted_as_such(void **state) {
    (void)state;
    AUTO(place_close) Place place = place_open(true);
    Err err = {0};
    Performed done = {0};
    check_ok(vote(&place, 1, &done, &err));
    check_ok(vote(&place, 1, &done, &err));
    check_int(votes(&place), 4);
    check_ok(vote(&place, 0, &done, &err));
    check_int(votes(&place), 3);
    kit_pull(place.kit); /* a new state of the replica: everything is replayed */
    KindSet changed = 0;
    fake_put(place.kit->hub, "page", "p", "public",
             "{\"body\":\"b\",\"chapter\":\"c\",\"order\":1,\"title\":\"t\"}");
    kit_pull(place.kit);
    check_ok(view_refresh(place.view, &changed, &err));
    check_int(votes(&place), 3);
    check_int(pending(&place), 3);
}

static void who_has_left_is_forgotten_the_op_is_not(void **state) {
    (void)state;
    AUTO(place_close) Place place = place_open(true);
    Err err = {0};
    Performed done = {0};
    OpStatus status = {0};
    check_ok(vote(&place, 1, &done, &err));
    check_ok(view_forget(place.view, &err));
    check_int(votes(&place), 3);
    check_int(pending(&place), 1);
    check_ok(view_op_status(place.view, str_of(done.op.text), &status, &err));
    check(status.known && !status.decided);
}

static void after_a_restart_the_draft_is_not_shown(void **state) {
    (void)state;
    AUTO(place_close) Place place = place_open(true);
    Err err = {0};
    Performed done = {0};
    check_ok(vote(&place, 1, &done, &err));
    look(&place);
    check_int(votes(&place), 3);
    check_int(pending(&place), 1);
}

static void without_the_hubs_key_nothing_is_kept(void **state) {
    (void)state;
    AUTO(place_close) Place place = place_open(false);
    Err err = {0};
    Performed done = {0};
    check_status(vote(&place, 1, &done, &err), E_DENIED);
    check_int(votes(&place), 3);
    check_int(pending(&place), 0);
}

static void a_proposal_is_known_and_not_shown_among_the_ideas(void **state) {
    (void)state;
    AUTO(place_close) Place place = place_open(true);
    AUTO(arena_close_auto) Arena *arena = arena_open();
    Err err = {0};
    Performed done = {0};
    OpStatus status = {0};
    Idea idea;
    void *list = NULL;
    size_t count = 0;
    Json *args = json_new_map(arena);
    json_put_text(arena, args, "text", STR("Un tandem"));
    check_ok(view_perform(place.view, "propose", STR(PERSON), STR("badge"), args, false, &done, &err));
    check_int(done.predicted, VERDICT_requested);
    check_ok(view_list(place.view, VIEW_ideas, NULL, 0, &list, &count, arena, &err));
    check_int(count, 1);
    check_ok(records_get(view_records(place.view), K_idea, str_of(done.op.text), &idea, arena, &err));
    check(idea.meta.draft && idea.state == IdeaState_new);
    check_ok(view_op_status(place.view, str_of(done.op.text), &status, &err));
    check(status.known);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vote_shows_at_once_and_stands_sealed_on_the_disk),
        cmocka_unit_test(a_second_vote_is_predicted_as_such),
        cmocka_unit_test(who_has_left_is_forgotten_the_op_is_not),
        cmocka_unit_test(after_a_restart_the_draft_is_not_shown),
        cmocka_unit_test(without_the_hubs_key_nothing_is_kept),
        cmocka_unit_test(a_proposal_is_known_and_not_shown_among_the_ideas),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
