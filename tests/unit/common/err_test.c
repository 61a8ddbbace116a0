#include "tests/harness/check.h"

#include <errno.h>
#include <string.h>

static void a_failure_is_one_line(void **state) {
    (void)state;
    Err err;
    check_int(err_set(&err, E_TOOBIG, "%s is %d bytes too long", "it", 3), E_TOOBIG);
    check_int(err.status, E_TOOBIG);
    check_text(str_of(err.text), "it is 3 bytes too long");
    check_text(str_of(err.code), "");
    check_text(str_of(err.field), "");
    check_int(err_set(NULL, E_IO, "nobody listens"), E_IO);
    check_int(err_wrap(NULL, E_IO, "nobody listens"), E_IO);
    check_int(err_set_field(NULL, "title", "nobody listens"), E_INVALID);
}

static void codes_and_fields_do_not_outlive_their_error(void **state) {
    (void)state;
    Err err;
    check_int(err_set_code(&err, E_EXISTS, "clone", "copied"), E_EXISTS);
    check_text(str_of(err.code), "clone");
    check_int(err_set_field(&err, "title", "is empty"), E_INVALID);
    check_text(str_of(err.field), "title");
    check_text(str_of(err.code), "");
    err_set(&err, E_IO, "another");
    check_text(str_of(err.field), "");
}

static void context_is_put_before(void **state) {
    (void)state;
    Err err;
    err_set_code(&err, E_EXISTS, "gap", "expected 5");
    check_int(err_wrap(&err, E_BUSY, "op %d", 7), E_BUSY);
    check_text(str_of(err.text), "op 7: expected 5");
    check_text(str_of(err.code), "gap");
    check_int(err.status, E_BUSY);
}

static void a_text_may_be_made_of_itself(void **state) {
    (void)state;
    Err err;
    err_set(&err, E_IO, "disk");
    err_set(&err, E_IO, "the %s is gone: %s", err.text, err.text);
    check_text(str_of(err.text), "the disk is gone: disk");
}

static void long_texts_are_cut_between_characters(void **state) {
    (void)state;
    Err err;
    char text[3 * ERR_TEXT_MAX];
    for (size_t shift = 0; shift < 2; shift++) {
        size_t at = 0;
        if (shift) text[at++] = 'x';
        while (at < 2 * ERR_TEXT_MAX) {
            memcpy(text + at, "é", 2);
            at += 2;
        }
        text[at] = '\0';
        err_set(&err, E_IO, "%s", text);
        size_t len = strlen(err.text);
        check(len >= ERR_TEXT_MAX - 2);
        check_int((len - shift) % 2, 0);
        err_wrap(&err, E_IO, "%s", text);
        check(strlen(err.text) < ERR_TEXT_MAX);
    }
    err_set_code(&err, E_IO, "a word that is much too long for a code", "x");
    check_int(strlen(err.code), ERR_CODE_MAX - 1);
}

static void errno_becomes_a_status(void **state) {
    (void)state;
    static const struct {
        int errno_value;
        Status status;
    } rows[] = {{ENOSPC, E_FULL},   {EROFS, E_READONLY}, {EACCES, E_READONLY}, {ENOENT, E_NOTFOUND},
                {EEXIST, E_EXISTS}, {EAGAIN, E_BUSY},    {EIO, E_IO},          {EMFILE, E_LIMIT},
                {EFBIG, E_TOOBIG},  {EPIPE, E_NETWORK},  {EDQUOT, E_FULL},     {0x7000, E_IO}};
    Err err;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_int(err_from_errno(&err, rows[i].errno_value, "x"), rows[i].status);
    err_from_errno(&err, ENOENT, "cannot open %s", "lamp");
    check_text(str_of(err.text), "cannot open lamp: No such file or directory");
}

static void every_status_has_a_name_and_an_answer(void **state) {
    (void)state;
    for (int status = OK; status <= E_INTERNAL; status++) {
        check(strlen(status_name((Status)status)) > 0);
        int http = status_http((Status)status);
        check(http == 200 || (http >= 400 && http < 600));
        for (int other = OK; other < status; other++)
            assert_string_not_equal(status_name((Status)status), status_name((Status)other));
    }
    check_int(status_http(E_DENIED), 403);
    check_int(status_http(E_VERSION), 426);
    check(status_is_retryable(E_NETWORK) && status_is_retryable(E_BUSY) && status_is_retryable(E_FULL));
    check(!status_is_retryable(E_DENIED) && !status_is_retryable(OK) && !status_is_retryable(E_CORRUPT));
    assert_string_equal(status_name((Status)99), "internal");
}

static void http_answers_come_back_as_status(void **state) {
    (void)state;
    static const struct {
        int http;
        Status status;
    } rows[] = {{200, OK},        {204, OK},         {304, OK},       {400, E_INVALID}, {401, E_UNKNOWN},
                {403, E_DENIED},  {404, E_NOTFOUND}, {409, E_EXISTS}, {412, E_EXISTS},  {413, E_TOOBIG},
                {422, E_INVALID}, {426, E_VERSION},  {429, E_LIMIT},  {500, E_NETWORK}, {502, E_NETWORK},
                {503, E_BUSY},    {504, E_NETWORK},  {507, E_FULL},   {418, E_INVALID}, {599, E_NETWORK}};
    for (size_t i = 0; i < COUNT(rows); i++) check_int(status_from_http(rows[i].http), rows[i].status);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_is_one_line),
        cmocka_unit_test(codes_and_fields_do_not_outlive_their_error),
        cmocka_unit_test(context_is_put_before),
        cmocka_unit_test(a_text_may_be_made_of_itself),
        cmocka_unit_test(long_texts_are_cut_between_characters),
        cmocka_unit_test(errno_becomes_a_status),
        cmocka_unit_test(every_status_has_a_name_and_an_answer),
        cmocka_unit_test(http_answers_come_back_as_status),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
