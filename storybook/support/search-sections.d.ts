declare module 'virtual:search-sections' {
  const sections: readonly {
    readonly id: string;
    readonly page: string;
    readonly heading: string;
    readonly href: string;
    readonly text: string;
  }[];
  export default sections;
}
