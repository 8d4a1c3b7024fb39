"""Tablets over the Android Debug Bridge: the link, what is read from them and what is done to them.

The link (``bridge``) is the only choke point: nothing else in the project opens a socket to a
device.
"""
