/** A digest as people compare it: its first eight places in two groups; all of it where it is wanted. */

/** `a1b2c3d4…` as `a1b2 c3d4`. */
export const shortDigest = (digest: string): string => `${digest.slice(0, 4)} ${digest.slice(4, 8)}`;

const spaced = (digest: string): string => digest.match(/.{1,4}/g)?.join(" ") ?? "";

export function Digest({ digest }: { digest: string }) {
  return <code class="digest">{shortDigest(digest)}</code>;
}

export function FullDigest({ name, digest }: { name: string; digest: string }) {
  return (
    <div class="digest-row">
      <dt>{name}</dt>
      <dd>
        <code class="digest-full">{spaced(digest)}</code>
      </dd>
    </div>
  );
}
