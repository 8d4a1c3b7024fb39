"""The demo city: an invented town whose files, profile and tablets show a newcomer the whole job.

Nothing here is a real school, pupil or serial number.
"""
