declare module "*.module.css" {
  const names: Readonly<Record<string, string>>;
  export default names;
}
declare module "*.css";
declare module "virtual:theme.css";

interface ImportMeta {
  readonly env: { readonly PROD: boolean };
}
declare module "*.wasm?url" {
  const address: string;
  export default address;
}
