#include "kiosk/gfx/parts.h"

#include <math.h>

Matrix matrix_identity(void) {
    return (Matrix){{1, 0, 0, 0, 1, 0, 0, 0, 1}};
}

Matrix matrix_times(Matrix a, Matrix b) {
    Matrix out = {{0}};
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++)
            for (int k = 0; k < 3; k++) out.m[row * 3 + column] += a.m[row * 3 + k] * b.m[k * 3 + column];
    return out;
}

void matrix_apply(const Matrix *matrix, double x, double y, double *out_x, double *out_y) {
    const double *m = matrix->m;
    double w = m[6] * x + m[7] * y + m[8];
    if (fabs(w) < 1e-9) w = 1e-9;
    *out_x = (m[0] * x + m[1] * y + m[2]) / w;
    *out_y = (m[3] * x + m[4] * y + m[5]) / w;
}

/* A glass turned clockwise by 90° has its left edge on top. */
Matrix matrix_upright(int rotation_deg, int glass_w, int glass_h) {
    switch (rotation_deg) {
    case 90:
        return (Matrix){{0, -1, glass_h, 1, 0, 0, 0, 0, 1}};
    case 180:
        return (Matrix){{-1, 0, glass_w, 0, -1, glass_h, 0, 0, 1}};
    case 270:
        return (Matrix){{0, 1, 0, -1, 0, glass_w, 0, 0, 1}};
    default:
        return matrix_identity();
    }
}

Calibration calibration_identity(void) {
    Calibration out;
    Matrix identity = matrix_identity();
    for (int i = 0; i < 9; i++) out.m[i] = identity.m[i];
    return out;
}

enum { UNKNOWNS = 8 };

typedef double Equation[UNKNOWNS + 1];

static void swap_rows(Equation *rows, int a, int b) {
    for (int i = 0; i <= UNKNOWNS; i++) {
        double keep = rows[a][i];
        rows[a][i] = rows[b][i];
        rows[b][i] = keep;
    }
}

static int largest_below(Equation *rows, int column) {
    int best = column;
    for (int row = column + 1; row < UNKNOWNS; row++)
        if (fabs(rows[row][column]) > fabs(rows[best][column])) best = row;
    return best;
}

/* Gauss and Jordan, with pivots. False when the equations do not decide. */
static bool solve(Equation *rows) {
    for (int column = 0; column < UNKNOWNS; column++) {
        swap_rows(rows, column, largest_below(rows, column));
        double pivot = rows[column][column];
        if (fabs(pivot) < 1e-9) return false;
        for (int i = 0; i <= UNKNOWNS; i++) rows[column][i] /= pivot;
        for (int row = 0; row < UNKNOWNS; row++) {
            double factor = rows[row][column];
            for (int i = 0; row != column && i <= UNKNOWNS; i++) rows[row][i] -= factor * rows[column][i];
        }
    }
    return true;
}

/* Twice the area of the quadrilateral: nothing when the touches lie on a line. */
static double spanned(const double p[8]) {
    return fabs((p[4] - p[0]) * (p[7] - p[3]) - (p[6] - p[2]) * (p[5] - p[1]));
}

Status calibration_solve(const double targets[8], const double touches[8], Calibration *out, Err *err) {
    Equation rows[UNKNOWNS];
    if (spanned(touches) < 0.25 * spanned(targets))
        return err_set(err, E_INVALID, "the touches do not span the glass: touch each target in turn");
    for (int i = 0; i < 4; i++) {
        double x = touches[2 * i], y = touches[2 * i + 1], u = targets[2 * i], v = targets[2 * i + 1];
        Equation first = {x, y, 1, 0, 0, 0, -u * x, -u * y, u},
                 second = {0, 0, 0, x, y, 1, -v * x, -v * y, v};
        for (int k = 0; k <= UNKNOWNS; k++) rows[2 * i][k] = first[k], rows[2 * i + 1][k] = second[k];
    }
    if (!solve(rows))
        return err_set(err, E_INVALID, "the touches do not give a calibration: touch each target in turn");
    for (int i = 0; i < UNKNOWNS; i++) out->m[i] = rows[i][UNKNOWNS];
    out->m[8] = 1;
    return OK;
}
