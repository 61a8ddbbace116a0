/* What a run came across (PROTOCOL 11); the counts show that the dice reach it. */
#pragma once

#define SITUATIONS(X)                                                                                        \
    X(long_absence, "1 eight weeks away, ops waiting")                                                       \
    X(left_purged_reload, "1 a scope loaded anew: its left lines were purged")                               \
    X(race_last_seat, "2 the last seat wanted by two sites at once")                                         \
    X(waiting_list, "2 somebody waits for a seat")                                                           \
    X(kill_syncd, "3 syncd killed")                                                                          \
    X(crash_syncd_write, "3 syncd died at a write")                                                          \
    X(crash_in_page, "3 … within a page of the feed")                                                        \
    X(crash_screen_write, "3 the kiosk died while it kept an op")                                            \
    X(power_cut_kiosk, "3 power cut at a kiosk")                                                             \
    X(crash_hub_write, "3 the hub died at a write")                                                          \
    X(crash_hub_ops, "3 … while it judged ops")                                                              \
    X(power_cut_hub, "3 power cut at the hub")                                                               \
    X(reply_lost_after_commit, "4 ops judged, answer lost")                                                  \
    X(request_twice, "4 a request arrives twice")                                                            \
    X(request_late, "4 a request arrives after its client gave up")                                          \
    X(clone_made, "6 a disk was copied")                                                                     \
    X(clone_shared_op, "6 … with an undecided op on it")                                                     \
    X(clone_found, "6 409 clone")                                                                            \
    X(gap_found, "4 409 gap")                                                                                \
    X(rekeyed, "6 a replica took a new incarnation")                                                         \
    X(paired_again, "6 paired again")                                                                        \
    X(device_revoked, "a device revoked")                                                                    \
    X(move_while_paging, "7 a record moved while a load was under way")                                      \
    X(revoked_in_pull, "7 a scope revoked in the middle of a pull")                                          \
    X(scope_revoked, "7 a scope revoked")                                                                    \
    X(scope_granted, "7 a scope granted")                                                                    \
    X(page_more, "7 a set of several pages")                                                                 \
    X(page_resumed, "3 a cut page resumed behind its last line")                                             \
    X(load_again, "a sum was wrong: a scope loaded anew")                                                    \
    X(not_modified, "3 304")                                                                                 \
    X(held_woken, "3 a held request was woken by a change")                                                  \
    X(clock_1970, "10 a clock at 1970")                                                                      \
    X(clock_2038, "10 a clock at 2038")                                                                      \
    X(bit_flipped, "10 a bit flipped on the wire")                                                           \
    X(disk_full_syncd, "10 syncd's disk full")                                                               \
    X(disk_full_screen, "10 the kiosk's disk full: not kept, and said so")                                   \
    X(disk_error, "10 a write failed once")                                                                  \
    X(body_cut_up, "10 a body cut on its way up")                                                            \
    X(body_cut_down, "10 an answer cut")                                                                     \
    X(pruned, "an op pruned, durable and eight days old")                                                    \
    X(everybody_settled, "every kiosk caught up at the end")

typedef enum Situation {
#define SITUATION_MEMBER(name, text) SITUATION_##name,
    SITUATIONS(SITUATION_MEMBER) SITUATION_COUNT
} Situation;
