"""What has been issued (印发): written once, never changed, proved again at will.

``outputs/issued/<id>/`` holds the final files, what they were made from, and a manifest of
hashes. Nothing but :func:`.folder.publish` makes such a folder; a correction adds to
``corrections.json`` alone.
"""
