/** Where the signing stands on the page, until it is loaded. */
import { laterPart } from "../ui/later";
import { Skeleton } from "../ui/skeleton";

export const SigningPlace = laterPart(
  async () => (await import("./signing-panel")).SigningPanel,
  () => <Skeleton lines={9} />,
);
