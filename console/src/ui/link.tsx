import { Anchor, Button } from '@mantine/core'
import { createLink } from '@tanstack/react-router'

/** Mantine's looks on the router's links: an address that does not exist is a mistake of types. */
export const LinkAnchor = createLink(Anchor<'a'>)
export const LinkButton = createLink(Button<'a'>)
