export default function Page() {
  return <main>vodrop</main>;
}
