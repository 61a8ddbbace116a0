/* kiosk: the screen. */
#include "kiosk/app/kiosk.h"

int main(int argc, char **argv) {
    return kiosk_main(argc, argv);
}
