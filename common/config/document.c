/* --help and the man page. */
#include <string.h>

#include "common/base/utf8.h"
#include "common/config/table.h"

static bool is_shown(const ConfigOption *option) {
    return option->use != USE_HIDDEN;
}

static bool is_needed(const ConfigOption *option) {
    return option->use == USE_REQUIRED || option->use == USE_POSITIONAL_REQUIRED;
}

static void add_full_name(const ConfigCommand *command, char between, Buf *out) {
    buf_add_cstr(out, command->program);
    if (command->name) buf_print(out, "%c%s", between, command->name);
}

/* "--listen ADDRESS:PORT", "PATH…" */
static void add_spelling(const ConfigOption *option, Buf *out) {
    OptionName placeholder = option_placeholder(option);
    if (!option_is_positional(option)) buf_print(out, "--%s", option_dashed(option).text);
    if (!option_is_positional(option) && placeholder.text[0]) buf_add_byte(out, ' ');
    buf_add_cstr(out, placeholder.text);
    if (option_is_list(option)) buf_add_cstr(out, "…");
}

static void add_synopsis(const ConfigCommand *command, Buf *out) {
    for (size_t i = 0; i < command->count; i++) {
        const ConfigOption *option = &command->options[i];
        if (option->use != USE_REQUIRED) continue;
        buf_add_byte(out, ' ');
        add_spelling(option, out);
    }
    buf_add_cstr(out, " [OPTION…]");
    for (size_t i = 0; i < command->count; i++) {
        const ConfigOption *option = &command->options[i];
        if (!option_is_positional(option)) continue;
        buf_add_cstr(out, is_needed(option) ? " " : " [");
        add_spelling(option, out);
        if (!is_needed(option)) buf_add_byte(out, ']');
    }
}

/* "where to listen (default 127.0.0.1:8470)" */
static void add_meaning(const ConfigOption *option, Buf *out) {
    buf_add_cstr(out, option->help);
    if (option->type == CONFIG_INT || option->type == CONFIG_DURATION) buf_print(out, ", %s", option->form);
    if (option->otherwise) buf_print(out, " (default %s)", option->otherwise);
    if (is_needed(option)) buf_add_cstr(out, " (required)");
}

typedef void AddOption(const ConfigOption *option, Buf *out);

static void for_each_option(const ConfigCommand *command, AddOption *add, Buf *out) {
    for (size_t i = 0; i < command->count; i++)
        if (is_shown(&command->options[i])) add(&command->options[i], out);
    for (size_t i = 0; i < common_option_count; i++)
        if (is_shown(&common_options[i])) add(&common_options[i], out);
}

static void add_help_line(const ConfigOption *option, Buf *out) {
    enum { MEANING_COLUMN = 30, LINE_MAX_BYTES = 4096 };
    AUTO(buf_free) Buf spelling = buf_new(LINE_MAX_BYTES);
    add_spelling(option, &spelling);
    size_t width = utf8_length(buf_str(&spelling));
    buf_print(out, "  %s", spelling.at);
    if (width >= MEANING_COLUMN) {
        buf_add_cstr(out, "\n  ");
        width = 0;
    }
    buf_print(out, "%*s", (int)(MEANING_COLUMN - width), "");
    add_meaning(option, out);
    buf_add_byte(out, '\n');
}

void config_help(const ConfigCommand *command, Buf *out) {
    buf_add_cstr(out, "usage: ");
    add_full_name(command, ' ', out);
    add_synopsis(command, out);
    buf_print(out, "\n%s\n\n", command->summary);
    for_each_option(command, add_help_line, out);
    buf_add_cstr(out,
                 "\nEvery --option is also a key of the INI file and RELAIS_OPTION in the environment.\n");
}

/* Text for roff: a hyphen that stays one, no line that begins like a request. */
static void add_roff(Buf *out, Str text) {
    bool line_begins = out->len == 0 || out->at[out->len - 1] == '\n';
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.at[i];
        if (line_begins && (byte == '.' || byte == '\'')) buf_add_cstr(out, "\\&");
        if (byte == '\\' || byte == '-') buf_add_byte(out, '\\');
        buf_add_byte(out, byte == '\\' ? 'e' : byte);
        line_begins = byte == '\n';
    }
}

static void add_man_option(const ConfigOption *option, Buf *out) {
    enum { LINE_MAX_BYTES = 4096 };
    AUTO(buf_free) Buf text = buf_new(LINE_MAX_BYTES);
    add_spelling(option, &text);
    buf_add_cstr(out, ".TP\n\\fB");
    add_roff(out, buf_str(&text));
    buf_add_cstr(out, "\\fR\n");
    buf_clear(&text);
    add_meaning(option, &text);
    buf_add_byte(&text, '.');
    if (!option_is_only_typed(option)) buf_print(&text, " Environment: %s.", option_environment(option).text);
    add_roff(out, buf_str(&text));
    buf_add_byte(out, '\n');
}

static void add_man_head(const ConfigCommand *command, Buf *out) {
    buf_add_cstr(out, ".TH \"");
    add_full_name(command, '-', out);
    buf_add_cstr(out, "\" 1 \"\" \"Relais iX " RELAIS_VERSION "\" \"Relais iX\"\n.SH NAME\n");
    AUTO(buf_free) Buf name = buf_new(OPTION_NAME_MAX * 2);
    add_full_name(command, '-', &name);
    add_roff(out, buf_str(&name));
    buf_add_cstr(out, " \\- ");
    add_roff(out, str_of(command->summary));
}

static void add_man_synopsis(const ConfigCommand *command, Buf *out) {
    enum { LINE_MAX_BYTES = 4096 };
    AUTO(buf_free) Buf line = buf_new(LINE_MAX_BYTES);
    add_full_name(command, ' ', &line);
    add_synopsis(command, &line);
    buf_add_cstr(out, "\n.SH SYNOPSIS\n");
    add_roff(out, buf_str(&line));
}

/* An empty line begins a paragraph. */
static void add_man_details(const char *details, Buf *out) {
    Str rest = str_of(details), line;
    if (!details) return;
    buf_add_cstr(out, "\n.SH DESCRIPTION\n");
    while (str_cut(&rest, '\n', &line)) {
        if (line.len)
            add_roff(out, line);
        else
            buf_add_cstr(out, ".PP");
        if (rest.at) buf_add_byte(out, '\n');
    }
}

static void add_man_files(const ConfigCommand *command, Buf *out) {
    if (!command->file) return;
    buf_print(out, ".SH FILES\n.TP\n%s\n", command->file);
    AUTO(buf_free) Buf text = buf_new(ERR_TEXT_MAX);
    buf_print(
        &text,
        "Read where it exists and --config does not say otherwise. Keys are the options without dashes; "
        "what stands before any section is for every command, [%s] for this one.\n",
        command->name ? command->name : command->program);
    add_roff(out, buf_str(&text));
}

void config_man(const ConfigCommand *command, Buf *out) {
    add_man_head(command, out);
    add_man_synopsis(command, out);
    add_man_details(command->details, out);
    buf_add_cstr(out,
                 "\n.SH OPTIONS\nThe command line comes before the environment, the environment before the "
                 "INI file.\n");
    for_each_option(command, add_man_option, out);
    add_man_files(command, out);
    buf_add_cstr(out, ".SH EXIT STATUS\n0: done. 1: it did not work, one line on standard error says why. "
                      "2: wrong usage.\n");
}
