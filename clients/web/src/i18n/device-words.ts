/** The words of the device test in the page's language; loaded with it. */
import { inBoth } from "./language";
import { zhDevices } from "./zh-devices";

export const deviceWords = inBoth(zhDevices, (all) => all.enDevices);
