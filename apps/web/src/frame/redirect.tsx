import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { Loading } from "../ui/state.tsx";

interface RedirectProps {
  readonly to: string;
  readonly search?: Readonly<Record<string, string>>;
  readonly hash?: string;
}

/** Leads elsewhere, once. The router's own component does it again at every rendering, and so for ever where the address itself is rendered. */
export function Redirect(props: RedirectProps) {
  const navigate = useNavigate();
  const target = useRef(props);
  useEffect(() => {
    void navigate({ ...target.current, replace: true });
  }, [navigate]);
  return <Loading />;
}
