/* What a parsed Markdown text is: blocks one below the other. Of this folder only. */
#pragma once

#include "kiosk/ui/markdown.h"
#include "kiosk/ui/widgets.h"

typedef enum BlockType {
    BLOCK_PARAGRAPH,
    BLOCK_HEADING,
    BLOCK_CODE,
    BLOCK_RULE,
    BLOCK_IMAGE,
    BLOCK_TABLE
} BlockType;

typedef enum Marker { MARKER_NONE, MARKER_BULLET, MARKER_NUMBER, MARKER_TASK, MARKER_TASK_DONE } Marker;

typedef struct Piece {
    Str text;
    bool bold;
    struct Piece *next;
} Piece;

typedef struct Block {
    BlockType type;
    int list_depth, quote_depth, level;
    Marker marker; /* of the item that begins here */
    unsigned number;
    bool tight; /* close to the block above: items of one list */
    Piece *pieces, *last_piece;
    Str image, caption;
    TableColumn *columns;
    TableCell *cells;
    int column_count, row_count;
    int known_height, known_width, known_size; /* of the last layout */
    struct Block *next;
} Block;

struct Markdown {
    Block *first, *last;
    MarkdownImageHeight image_height;
    void *image_context;
};
